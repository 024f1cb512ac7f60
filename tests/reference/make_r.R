# Makes r.json: the numbers of six_arms.csv by R's estimatr and psych, and bounds by rpact.
# Run from the root of the repository: Rscript tests/reference/make_r.R
# Packages: estimatr, psych, rpact, jsonlite (Debian: r-cran-estimatr and so on).

suppressPackageStartupMessages({
  library(estimatr); library(psych); library(rpact); library(jsonlite)
})
here <- "tests/reference"
d <- read.csv(file.path(here, "six_arms.csv"))
arms <- unique(d$arm)
d$arm <- factor(d$arm, levels = arms)
version <- function(p) paste(p, as.character(packageVersion(p)))

# Contrasts over the arms in the file's order: none, monetary, nonmonetary by low, high.
rows <- list(
  monetary = c(-.5, -.5, .5, .5, 0, 0),
  nonmonetary = c(-.5, -.5, 0, 0, .5, .5),
  legitimacy = c(-1, 1, -1, 1, -1, 1) / 3,
  interaction_monetary = c(1, -1, -1, 1, 0, 0),
  interaction_nonmonetary = c(1, -1, 0, 0, -1, 1)
)

answers <- function(b, v, df) {
  one <- lapply(rows, function(w) {
    est <- sum(w * b); se <- sqrt(drop(t(w) %*% v %*% w)); half <- qt(.975, df) * se
    list(estimate = est, se = se, statistic = est / se, df = df,
         p = 2 * pt(-abs(est / se), df), low = est - half, high = est + half)
  })
  C <- rbind(rows$interaction_monetary, rows$interaction_nonmonetary)
  f <- drop(t(C %*% b) %*% solve(C %*% v %*% t(C)) %*% (C %*% b)) / 2
  list(means = unname(b), se = unname(sqrt(diag(v))), contrasts = one,
       interaction = list(statistic = f, df_numerator = 2, df_denominator = df,
                          p = pf(f, 2, df, lower.tail = FALSE)))
}

plain <- lm_robust(outcome ~ 0 + arm, data = d, se_type = "HC2")
unadjusted <- answers(coef(plain), vcov(plain), plain$df[[1]])

# lm_lin reports differences to the first arm; the fully interacted model of the same rows without
# an intercept gives each arm's mean at the covariates' overall mean. Both are kept.
lin <- lm_lin(outcome ~ arm, covariates = ~ psm + income, data = d, se_type = "HC2")
d$psm_c <- d$psm - mean(d$psm); d$income_c <- d$income - mean(d$income)
full <- lm_robust(outcome ~ 0 + arm + arm:psm_c + arm:income_c, data = d, se_type = "HC2")
adjusted <- answers(coef(full)[1:6], vcov(full)[1:6, 1:6], full$df[[1]])
adjusted$lm_lin <- list(estimate = unname(coef(lin)[2:6]), se = unname(lin$std.error[2:6]),
                        p = unname(lin$p.value[2:6]), df = lin$df[[1]])

assoc <- lm_robust(outcome ~ psm + education + income, data = d, se_type = "HC2")
association <- list(estimate = unname(coef(assoc)[-1]), se = unname(assoc$std.error[-1]),
                    p = unname(assoc$p.value[-1]), low = unname(assoc$conf.low[-1]),
                    high = unname(assoc$conf.high[-1]), df = assoc$df[[1]])

items <- d[, paste0("item", 1:4)]
a <- suppressWarnings(psych::alpha(items))$total$raw_alpha
f <- psych::alpha.ci(a, n.obs = nrow(items), n.var = 4, digits = 15)
reliability <- list(alpha = a, low = f$lower.ci, high = f$upper.ci)

bound <- function(t, alpha) {
  g <- getDesignGroupSequential(informationRates = t, alpha = alpha / 2, sided = 1,
                                typeOfDesign = "asOF", tolerance = 1e-10)
  g2 <- getDesignGroupSequential(informationRates = t, alpha = alpha, sided = 2,
                                 typeOfDesign = "asOF", tolerance = 1e-10)
  list(fractions = t, alpha = alpha, two_sided = g2$criticalValues,
       one_sided_half = g$criticalValues)
}
sequential <- list(bound(c(1/3, 2/3, 1), .05), bound(c(.5, 1), .05), bound(c(.5, .75, 1), .05),
                   bound((1:5) / 5, .05), bound(c(.3, .6, 1), .01))

out <- list(
  about = "Numbers of R on six_arms.csv, and group-sequential bounds.",
  script = "tests/reference/make_r.R",
  versions = list(R = as.character(getRversion()), estimatr = version("estimatr"),
                  psych = version("psych"), rpact = version("rpact")),
  arms = arms, rows = rows,
  unadjusted = unadjusted, adjusted = adjusted, association = association,
  reliability = reliability, sequential = sequential
)
writeLines(toJSON(out, digits = 15, auto_unbox = TRUE, pretty = TRUE), file.path(here, "r.json"))
