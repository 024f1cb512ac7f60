# Makes power_r.json: power by n of a plan's contrasts, by power.t.test and rpact.
# Run from the root of the repository: Rscript tests/reference/make_power_r.R
# Packages: rpact, jsonlite (Debian: r-cran-rpact and so on).

suppressPackageStartupMessages({ library(rpact); library(jsonlite) })
version <- function(p) paste(p, as.character(packageVersion(p)))
tight <- 1e-12

# One look: two arms of n / 2, both tails counted.
one <- lapply(c(.05, .01), function(alpha) {
  ask <- function(...) power.t.test(..., sig.level = alpha, strict = TRUE, tol = tight)
  list(n = 300, effect = .3, alpha = alpha, powers = c(.8, .9, .95),
       power = ask(n = 150, delta = .3)$power,
       sizes = 2 * sapply(c(.8, .9, .95), function(p) ask(power = p, delta = .3)$n),
       detectable = sapply(c(.8, .9, .95), function(p) ask(n = 150, power = p)$delta))
})

# Three looks: a reward contrast of six arms rests on two thirds of all participants.
several <- lapply(c(.05, .05 / 3), function(alpha) {
  d <- getDesignGroupSequential(informationRates = c(.5, .75, 1), alpha = alpha, sided = 2,
                                typeOfDesign = "asOF", twoSidedPower = TRUE, tolerance = 1e-10)
  power <- getPowerMeans(d, groups = 2, normalApproximation = TRUE, alternative = .2, stDev = 1,
                         maxNumberOfSubjects = 1297 * 2 / 3)
  sizes <- sapply(c(.8, .9), function(p) {
    d <- getDesignGroupSequential(informationRates = c(.5, .75, 1), alpha = alpha, beta = 1 - p,
                                  sided = 2, typeOfDesign = "asOF", tolerance = 1e-10)
    s <- getSampleSizeMeans(d, groups = 2, normalApproximation = TRUE, alternative = .2, stDev = 1)
    s$maxNumberOfSubjects * 3 / 2
  })
  list(n = 1297, effect = .2, alpha = alpha, powers = c(.8, .9),
       power = as.vector(power$overallReject), sizes = sizes)
})

write_json(list(versions = list(R = R.version.string, rpact = version("rpact")),
                one = one, several = several),
           "tests/reference/power_r.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
