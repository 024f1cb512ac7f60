# Makes single_look_r.json: what R says of Dunnett's test, adjusted p, power and standardised effects.
# Run from the root of the repository: Rscript tests/reference/make_single_look_r.R
# Packages: multcomp, mvtnorm, jsonlite (Debian: r-cran-multcomp, r-cran-mvtnorm, r-cran-jsonlite).

suppressPackageStartupMessages({ library(multcomp); library(mvtnorm); library(jsonlite) })
here <- "tests/reference"
set.seed(1)  # mvtnorm integrates by quasi-random numbers
fine <- GenzBretz(maxpts = 1e6, abseps = 1e-5, releps = 0)

correlation <- function(n0, n) {
  l <- sqrt(n / (n + n0)); r <- outer(l, l); diag(r) <- 1; r
}
designs <- list(list(n0 = 50, n = c(50, 50, 50), df = 196), list(n0 = 40, n = c(20, 10), df = 67),
                list(n0 = 7, n = c(12, 30, 5, 9), df = 58), list(n0 = 4, n = c(4, 4), df = 9))
dunnett <- lapply(designs, function(x) {
  r <- correlation(x$n0, x$n); k <- length(x$n); t <- c(2.6, 1.1, -2.2, 3.4)[1:k]
  c(x, list(
    statistics = t,
    two_sided = sapply(abs(t), function(c)
      1 - pmvt(rep(-c, k), rep(c, k), df = x$df, corr = r, algorithm = fine)[1]),
    upward = sapply(t, function(c)
      1 - pmvt(rep(-Inf, k), rep(c, k), df = x$df, corr = r, algorithm = fine)[1])))
})

# The six arms of six_arms.csv against the first, with the common variance.
d <- read.csv(file.path(here, "six_arms.csv"))
d$arm <- factor(d$arm, levels = unique(d$arm))
test <- summary(glht(lm(outcome ~ arm, d), linfct = mcp(arm = "Dunnett")),
                test = adjusted("single-step", maxpts = 1e6, abseps = 1e-5, releps = 0))$test
against_first <- list(statistics = unname(test$tstat), p = as.numeric(test$pvalues),
                      n = as.numeric(table(d$arm)), df = nrow(d) - nlevels(d$arm))

p <- c(.012, .5, .0003, .049, .049, .0001, .8)
adjusted_p <- list(p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))

tight <- .Machine$double.eps^.75
power <- list(
  two_sample = lapply(list(c(20, .5, .05), c(120, .3, .01), c(5, 1.2, .05)), function(x)
    list(n = x[1], d = x[2], alpha = x[3],
         two_sided = power.t.test(x[1], x[2], sig.level = x[3], strict = TRUE)$power,
         upward = power.t.test(x[1], x[2], sig.level = x[3], alternative = "one.sided")$power)),
  smallest = list(n = 100, power = .8,
                  d = power.t.test(100, power = .8, strict = TRUE, tol = tight)$delta),
  anova = lapply(list(c(3, 20, .25), c(6, 36, .1), c(2, 10, .8)), function(x) {
    # power.anova.test has the variance of the groups' means with k - 1.
    q <- power.anova.test(x[1], x[2], between.var = x[3]^2 * x[1] / (x[1] - 1), within.var = 1)
    list(groups = x[1], n = x[2], f = x[3], power = q$power)
  })
)

# Noncentrality that puts t at each end of the distribution, by pt and uniroot: the interval of delta.
noncentral <- function(t, df, tail) uniroot(function(l) pt(t, df, l) - tail, c(-30, 30), tol = 1e-12)$root
effect <- function(x, y) {
  n <- c(length(x), length(y)); df <- sum(n) - 2
  s <- sqrt(((n[1] - 1) * var(x) + (n[2] - 1) * var(y)) / df)
  raw <- (mean(y) - mean(x)) / s; scale <- sqrt(sum(1 / n)); t <- raw / scale
  list(d = raw, df = df,
       g = raw * exp(lgamma(df / 2) - log(sqrt(df / 2)) - lgamma((df - 1) / 2)),
       low = noncentral(t, df, .975) * scale, high = noncentral(t, df, .025) * scale)
}
arms <- levels(d$arm)
of <- function(a) d$outcome[d$arm == a]
effects <- lapply(arms[-1], function(a) c(list(arm = a), effect(of(arms[1]), of(a))))

# Owen's integral over the variance's density for two one-sided tests, by integrate.
tost <- lapply(list(c(.1, .07, 1294, .2), c(0, 1, 8, 3), c(-.4, .3, 40, 1)), function(x) {
  names(x) <- c("effect", "se", "df", "bound"); t <- qt(.95, x["df"]); b <- x["bound"]
  inside <- function(s) pmax(0, pnorm((b - x["effect"]) / x["se"] - t * s) -
                                pnorm((-b - x["effect"]) / x["se"] + t * s))
  density <- function(s) 2 * s * x["df"] * dchisq(x["df"] * s^2, x["df"])
  c(as.list(x), list(power = integrate(function(s) inside(s) * density(s), 0, b / x["se"] / t,
                                       rel.tol = 1e-11, subdivisions = 2000)$value))
})

out <- list(
  about = "Numbers of R on invented designs and on six_arms.csv, for one look.",
  script = "tests/reference/make_single_look_r.R",
  versions = list(R = paste("R", getRversion()),
                  mvtnorm = paste("mvtnorm", packageVersion("mvtnorm")),
                  multcomp = paste("multcomp", packageVersion("multcomp"))),
  dunnett = dunnett, against_first = against_first, adjusted_p = adjusted_p, power = power,
  effects = effects, tost = tost
)
writeLines(toJSON(out, digits = 15, auto_unbox = TRUE, pretty = TRUE),
           file.path(here, "single_look_r.json"))
