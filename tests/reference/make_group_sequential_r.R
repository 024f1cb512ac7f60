# Makes group_sequential_r.json: group-sequential numbers by rpact, beyond those of r.json.
# Run from the root of the repository: Rscript tests/reference/make_group_sequential_r.R
# Packages: rpact, jsonlite (Debian: r-cran-rpact and so on).

suppressPackageStartupMessages({ library(rpact); library(jsonlite) })
here <- "tests/reference"
version <- function(p) paste(p, as.character(packageVersion(p)))
design <- function(...) getDesignGroupSequential(..., tolerance = 1e-10)

# Two-sided bounds by each family, at looks that are not evenly spaced.
fractions <- c(.25, .4, .8, 1)
family <- function(name, type, ...) {
  list(family = name, fractions = fractions, alpha = .05,
       parameter = if (...length()) ...elt(1) else NA,
       z = design(informationRates = fractions, alpha = .05, sided = 2, typeOfDesign = type,
                  ...)$criticalValues)
}
families <- list(family("obrien_fleming", "asOF"), family("pocock", "asP"),
                 family("hwang_shih_decani", "asHSD", gammaA = -3),
                 family("hwang_shih_decani", "asHSD", gammaA = 2),
                 family("power", "asKD", gammaA = 1.5))

classic <- lapply(c(0, .25, .5), function(shape) {
  d <- design(kMax = 4, alpha = .01, sided = 2, typeOfDesign = "WT", deltaWT = shape)
  list(looks = 4, alpha = .01, shape = shape, last = tail(d$criticalValues, 1))
})

# Futility by beta spending, one-sided; power and expected rows under three effects.
futility <- lapply(c(FALSE, TRUE), function(binding) {
  d <- design(informationRates = c(.4, .7, 1), alpha = .025, beta = .1, sided = 1,
              typeOfDesign = "asOF", typeBetaSpending = "bsKD", gammaB = 2,
              bindingFutility = binding)
  ch <- getDesignCharacteristics(d)
  list(fractions = c(.4, .7, 1), alpha = .025, beta = .1, rho = 2, binding = binding,
       high = d$criticalValues, low = d$futilityBounds, drift = sqrt(ch$shift),
       inflation = ch$inflationFactor, rows_h1 = ch$averageSampleNumber1,
       rows_h0 = ch$averageSampleNumber0)
})
operating <- lapply(c(0, 1.5, 3), function(drift) {
  d <- design(informationRates = fractions, alpha = .025, sided = 1, typeOfDesign = "asP")
  p <- getPowerAndAverageSampleNumber(d, theta = drift / sqrt(100), nMax = 100)
  list(fractions = fractions, alpha = .025, drift = drift, power = p$overallReject,
       rows = p$averageSampleNumber)
})

end <- function(values) tail(na.omit(as.vector(values)), 1)
# One sample of mean m and standard deviation 1 against 0, so that z is m √n.
after <- function(n, means, type, sided) {
  d <- design(informationRates = c(.3, .6, 1), alpha = .025 * sided, sided = sided,
              typeOfDesign = type)
  data <- getDataset(n = n, means = means, stDevs = rep(1, length(n)))
  x <- getAnalysisResults(d, data, normalApproximation = TRUE, stage = length(n))
  s <- x$.stageResults
  list(type = type, two_sided = sided == 2, look = length(n),
       z = qnorm(s$overallPValues, lower.tail = FALSE)[seq_along(n)],
       estimate = s$overallMeans[seq_along(n)],
       repeated_p = as.vector(x$repeatedPValues)[seq_along(n)],
       repeated_low = as.vector(x$repeatedConfidenceIntervalLowerBounds)[seq_along(n)],
       repeated_high = as.vector(x$repeatedConfidenceIntervalUpperBounds)[seq_along(n)],
       final_p = end(x$finalPValues),
       estimate_adjusted = end(x$medianUnbiasedEstimates),
       low = end(x$finalConfidenceIntervalLowerBounds),
       high = end(x$finalConfidenceIntervalUpperBounds))
}
stopped <- list(after(c(30, 30), c(.35, .4), "asP", 1),
                after(c(30, 30, 40), c(.1, .15, .3), "asOF", 1),
                after(c(30, 30, 40), c(.1, .15, .3), "asOF", 2))

# The chance to reject at the looks to come, 30 rows in with z = 1.5, if the mean is 0.2.
d <- design(informationRates = c(.3, .6, 1), alpha = .025, sided = 1, typeOfDesign = "asOF")
stage <- getStageResults(d, getDataset(n = 30, means = 1.5 / sqrt(30), stDevs = 1),
                         normalApproximation = TRUE, stage = 1)
conditional <- getConditionalPower(stage, nPlanned = c(30, 40), thetaH1 = .2, assumedStDev = 1)
outlook <- list(fractions = c(.3, .6, 1), alpha = .025, z = 1.5, drift = 2,
                power = tail(as.vector(conditional$conditionalPower), 1))

out <- list(about = "Group-sequential numbers of rpact.",
            script = "tests/reference/make_group_sequential_r.R",
            versions = list(R = as.character(getRversion()), rpact = version("rpact")),
            families = families, classic = classic, futility = futility, operating = operating,
            stopped = stopped, outlook = outlook)
writeLines(toJSON(out, digits = 15, auto_unbox = TRUE, pretty = TRUE),
           file.path(here, "group_sequential_r.json"))
