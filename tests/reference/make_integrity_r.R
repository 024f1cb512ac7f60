# Makes integrity_r.json: what R says of attrition, sample ratios and balance.
# Run from the root of the repository: Rscript tests/reference/make_integrity_r.R
# Packages: survival, jsonlite (Debian: r-cran-survival, r-cran-jsonlite).

suppressPackageStartupMessages({ library(survival); library(jsonlite) })
here <- "tests/reference"
d <- read.csv(file.path(here, "six_arms.csv"))
arms <- unique(d$arm)
d$arm <- factor(d$arm, levels = arms)

wilson <- lapply(list(c(0, 12), c(3, 40), c(17, 216), c(25, 25)), function(x) {
  ci <- prop.test(x[1], x[2], conf.level = .95, correct = FALSE)$conf.int
  list(lost = x[1], of = x[2], low = ci[1], high = ci[2])
})

# Lost and assigned by arm: large, small, small with unequal arms, and with an arm that lost all.
tables <- list(
  list(lost = c(17, 22, 31, 12, 9, 25), of = c(216, 214, 217, 215, 216, 219)),
  list(lost = c(0, 1, 5, 0), of = c(20, 20, 20, 20)),
  list(lost = c(1, 0, 4, 2, 7, 3), of = c(31, 24, 28, 19, 22, 26)),
  list(lost = c(3, 5, 0), of = c(12, 5, 9)),
  list(lost = c(2, 9), of = c(14, 15))
)
attrition <- lapply(tables, function(x) {
  m <- cbind(x$lost, x$of - x$lost)
  q <- suppressWarnings(chisq.test(m, correct = FALSE))
  c(x, list(statistic = q$statistic[[1]], df = q$parameter[[1]], p = q$p.value,
            least_expected = min(q$expected), exact_p = fisher.test(m, workspace = 2e7)$p.value))
})

ratios <- list(
  list(counts = c(476, 443, 418), weights = c(1, 1, 1)),
  list(counts = c(430, 260, 210), weights = c(2, 1, 1)),
  list(counts = c(3, 9, 1, 2), weights = c(1, 1, 1, 3))
)
sample_ratio <- lapply(ratios, function(x) {
  q <- suppressWarnings(chisq.test(x$counts, p = x$weights / sum(x$weights)))
  c(x, list(statistic = q$statistic[[1]], df = q$parameter[[1]], p = q$p.value,
            least_expected = min(q$expected)))
})

# Standardised differences of six_arms.csv, each arm against the first, by the formula.
spread <- function(x) (mean(x[[2]]) - mean(x[[1]])) / sqrt((var(x[[1]]) + var(x[[2]])) / 2)
against_first <- lapply(arms[-1], function(a) list(
  arm = a,
  psm = spread(list(d$psm[d$arm == arms[1]], d$psm[d$arm == a])),
  income = spread(list(d$income[d$arm == arms[1]], d$income[d$arm == a]))
))

# The example of the vignette of the package smd (0.3, 2018), whose printed answers are 0.03375131
# for xn and 0.2518824 for xc; its random numbers, as R drew them then.
suppressWarnings(RNGversion("3.5.0"))
set.seed(123)
xn <- rnorm(90); g <- rep(c("A", "B"), each = 45)
xi <- sample(1:20, 90, replace = TRUE)
xc <- unlist(replicate(2, sort(sample(letters[1:3], 45, replace = TRUE)), simplify = FALSE))
p <- prop.table(table(g, xc), 1)
cov <- function(p) diag(p) - outer(p, p)
s <- (cov(p["A", 1:2]) + cov(p["B", 1:2])) / 2
delta <- p["B", 1:2] - p["A", 1:2]
vignette <- list(xn = xn, xc = xc, arm = g, printed = list(xn = 0.03375131, xc = 0.2518824),
                 xn_difference = spread(split(xn, g)),
                 xc_difference = sqrt(drop(delta %*% solve(s) %*% delta)))

# d^2 for several arms without strata: (N - 1) times Pillai's trace.
pillai <- summary(manova(cbind(psm, education, income) ~ arm, d), test = "Pillai")$stats[1, "Pillai"]
# For two arms with strata: the score test of conditional logistic regression.
two <- d[d$arm %in% arms[1:2], ]
score <- summary(clogit(as.numeric(arm == arms[2]) ~ psm + income + strata(education), two,
                        method = "exact"))$sctest
# For a categorical covariate, several arms and strata: generalised Cochran-Mantel-Haenszel.
cmh <- mantelhaen.test(table(d$arm, d$income, d$education))
omnibus <- list(
  pillai = list(statistic = (nrow(d) - 1) * pillai, df = 15,
                p = pchisq((nrow(d) - 1) * pillai, 15, lower.tail = FALSE)),
  score = list(statistic = score[["test"]], df = score[["df"]], p = score[["pvalue"]]),
  cmh = list(statistic = cmh$statistic[[1]], df = cmh$parameter[[1]], p = cmh$p.value)
)

out <- list(
  about = "Numbers of R on invented counts, six_arms.csv and the vignette of the package smd.",
  script = "tests/reference/make_integrity_r.R",
  versions = list(R = as.character(getRversion()),
                  survival = paste("survival", packageVersion("survival"))),
  arms = arms, wilson = wilson, attrition = attrition, sample_ratio = sample_ratio,
  against_first = against_first, vignette = vignette, omnibus = omnibus
)
writeLines(toJSON(out, digits = 15, auto_unbox = TRUE, pretty = TRUE),
           file.path(here, "integrity_r.json"))
