# Makes models_r.json and mtcars.csv: what R says of six_arms.csv by HC3, weights, blocks, logit,
# ordered logit and one factor, and R's own data set mtcars.
# Run from the root of the repository: Rscript tests/reference/make_models_r.R
# Packages: estimatr, sandwich, MASS, jsonlite (Debian: r-cran-estimatr and so on).

suppressPackageStartupMessages({ library(estimatr); library(jsonlite) })
here <- "tests/reference"
write.csv(mtcars[, c("mpg", "wt", "hp")], file.path(here, "mtcars.csv"), row.names = FALSE)
d <- read.csv(file.path(here, "six_arms.csv"))
arms <- unique(d$arm)
d$arm <- factor(d$arm, levels = arms)
d$psm_c <- d$psm - mean(d$psm); d$income_c <- d$income - mean(d$income)
version <- function(p) paste(p, as.character(packageVersion(p)))

# Two strata with probabilities of their own, a yes or no, and an answer on five points.
d$stratum <- ifelse(d$education <= 2, "low", "high")
probability <- list(low = rep(1, 6) / 6, high = c(.3, .2, .15, .05, .1, .2))
d$p <- mapply(function(s, a) probability[[s]][a], d$stratum, as.integer(d$arm))
d$yes <- as.numeric(d$outcome > 5.5)
d$points <- cut(d$outcome, c(-Inf, 4, 5, 6, 7, Inf), labels = FALSE)

ses <- function(fit) list(means = unname(coef(fit)[1:6]), se = unname(fit$std.error[1:6]),
                          df = fit$df[[1]])
lin <- outcome ~ 0 + arm + arm:psm_c + arm:income_c
hc3 <- list(plain = ses(lm_robust(outcome ~ 0 + arm, d, se_type = "HC3")),
            adjusted = ses(lm_robust(lin, d, se_type = "HC3")))
weighted <- list(probability = probability,
                 plain = ses(lm_robust(outcome ~ 0 + arm, d, weights = 1 / p, se_type = "HC2")),
                 adjusted = ses(lm_robust(lin, d, weights = 1 / p, se_type = "HC2")))
blocked <- lapply(arms[-1], function(a) {
  f <- difference_in_means(outcome ~ arm, data = d, blocks = stratum,
                           condition1 = arms[1], condition2 = a)
  list(arm = a, estimate = f$coefficients[[1]], se = f$std.error[[1]], df = f$df[[1]],
       p = f$p.value[[1]])
})

# Logit with a covariate; average differences in probability to the first arm by the delta method.
f <- glm(yes ~ 0 + arm + psm_c, binomial, d, control = list(epsilon = 1e-15, maxit = 50))
v <- sandwich::sandwich(f)
x <- model.matrix(f)
level <- function(j) { z <- x; z[, 1:6] <- 0; z[, j] <- 1; z }
probabilities <- lapply(1:6, function(j) plogis(drop(level(j) %*% coef(f))))
slope <- lapply(1:6, function(j)
  colMeans(level(j) * probabilities[[j]] * (1 - probabilities[[j]])))
average <- lapply(2:6, function(j) {
  g <- slope[[j]] - slope[[1]]
  list(estimate = mean(probabilities[[j]] - probabilities[[1]]), se = sqrt(drop(g %*% v %*% g)))
})
logit <- list(coefficients = unname(coef(f)), se = unname(sqrt(diag(v))),
              log_likelihood = as.numeric(logLik(f)), average = average,
              probabilities = sapply(probabilities, mean))
linear <- ses(lm_robust(yes ~ 0 + arm, d, se_type = "HC2"))

# polr's errors come from a numeric Hessian, which has four digits or so.
o <- MASS::polr(factor(points) ~ arm + psm_c, d, Hess = TRUE,
                control = list(reltol = 1e-16, maxit = 1000))
ordered <- list(coefficients = unname(coef(o)), thresholds = unname(o$zeta),
                se = unname(sqrt(diag(vcov(o)))), log_likelihood = as.numeric(logLik(o)))

# Brant's test: logits of y > j, the covariance of their slopes, and Wald's test of no difference.
# By legitimacy, for in single arms some answers are not given and a logit of them has no maximum.
d$high <- as.numeric(grepl("high", d$arm))
xb <- model.matrix(~ high + psm_c, d)
cuts <- lapply(1:4, function(j)
  glm.fit(xb, as.numeric(d$points > j), family = binomial(),
          control = list(epsilon = 1e-14, maxit = 100)))
stopifnot(sapply(cuts, function(m) m$converged && max(abs(coef(m))) < 10))
pr <- sapply(cuts, fitted); b <- unlist(lapply(cuts, function(m) coef(m)[-1]))
bread <- lapply(1:4, function(j) solve(crossprod(xb, xb * (pr[, j] * (1 - pr[, j])))))
k <- ncol(xb) - 1; V <- matrix(0, 4 * k, 4 * k)
for (i in 1:4) for (j in i:4) {
  w <- pr[, j] - pr[, i] * pr[, j]
  block <- (bread[[i]] %*% crossprod(xb, xb * w) %*% bread[[j]])[-1, -1]
  V[(i - 1) * k + 1:k, (j - 1) * k + 1:k] <- block
  V[(j - 1) * k + 1:k, (i - 1) * k + 1:k] <- t(block)
}
D <- cbind(diag(3 * k), matrix(0, 3 * k, k)) * -1
for (i in 1:3) D[(i - 1) * k + 1:k, i * k + 1:k] <- diag(k)
wald <- drop(t(D %*% b) %*% solve(D %*% V %*% t(D), D %*% b))
brant <- list(statistic = wald, df = 3 * k, p = pchisq(wald, 3 * k, lower.tail = FALSE))

items <- d[, paste0("item", 1:4)]
fa <- factanal(items, 1, control = list(nstart = 1, opt = list(factr = 1, pgtol = 0, maxit = 1e4)))
scale <- sapply(items, sd)
common <- sum(scale * fa$loadings)^2
alpha <- function(x) ncol(x) / (ncol(x) - 1) * (1 - sum(diag(var(x))) / sum(var(x)))
one_factor <- list(
  loadings = as.numeric(fa$loadings), uniquenesses = unname(fa$uniquenesses),
  omega = common / (common + sum(scale^2 * fa$uniquenesses)),
  rest = sapply(1:4, function(i) cor(items[, i], rowSums(items[, -i]))),
  total = sapply(1:4, function(i) cor(items[, i], rowSums(items))),
  dropped = sapply(1:4, function(i) alpha(items[, -i]))
)

# Whose income is 7 is lost; the worst case fills the gaps with the ends of 0 to 12.
fill <- function(a, b) { z <- d$outcome; lost <- d$income == 7
  z[lost & d$arm == a[1]] <- b[1]; z[lost & d$arm == a[2]] <- b[2]
  g <- difference_in_means(z ~ arm, data = cbind(d, z), condition1 = a[1], condition2 = a[2])
  list(estimate = g$coefficients[[1]], se = g$std.error[[1]]) }
worst <- list(low = fill(arms[c(1, 3)], c(12, 0)), high = fill(arms[c(1, 3)], c(0, 12)))

out <- list(
  about = "Numbers of R on six_arms.csv: HC3, weights, blocks, logit, ordered logit, one factor.",
  script = "tests/reference/make_models_r.R",
  versions = list(R = as.character(getRversion()), estimatr = version("estimatr"),
                  MASS = version("MASS"), sandwich = version("sandwich")),
  arms = arms, hc3 = hc3, weighted = weighted, blocked = blocked, linear = linear, logit = logit,
  ordered = ordered, brant = brant, one_factor = one_factor, worst = worst
)
writeLines(toJSON(out, digits = 15, auto_unbox = TRUE, pretty = TRUE),
           file.path(here, "models_r.json"))
