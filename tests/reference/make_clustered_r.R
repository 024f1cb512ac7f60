# Makes clustered.csv and clustered_r.json: CR2, its degrees of freedom and HTZ, by R.
# Run from the root of the repository: Rscript tests/reference/make_clustered_r.R
# Packages: estimatr, clubSandwich, jsonlite (Debian: r-cran-estimatr, r-cran-clubsandwich and so on).

suppressPackageStartupMessages({ library(estimatr); library(clubSandwich); library(jsonlite) })
here <- "tests/reference"

# Invented rows. 18 schools of 1 to 9 pupils, each school in one of three arms; and 24 persons who
# each rate two to five vignettes of four kinds, some kinds twice.
suppressWarnings(RNGversion("4.0.0"))
set.seed(7)
sizes <- c(1, 9, 4, 2, 6, 3, 5, 1, 7, 2, 8, 3, 4, 6, 2, 5, 3, 7)
schools <- do.call(rbind, lapply(seq_along(sizes), function(g) {
  shift <- rnorm(1); n <- sizes[g]
  z <- round(rnorm(n) + shift / 2, 3)
  data.frame(set = "schools", cluster = sprintf("s%02d", g), cell = c("a", "b", "c")[(g - 1) %% 3 + 1],
             y = round(.4 * (g %% 3) + shift + .6 * z + rnorm(n), 3), z = z)
}))
persons <- do.call(rbind, lapply(1:24, function(g) {
  m <- 2 + g %% 4; shift <- rnorm(1)
  cell <- sample(c("a", "b", "c", "d"), m, replace = g %% 3 == 0 || m > 4)
  data.frame(set = "persons", cluster = sprintf("p%02d", g), cell = cell,
             y = round(shift + .5 * (cell == "b") + rnorm(m), 3), z = round(rnorm(1), 3))
}))
write.csv(rbind(schools, persons), file.path(here, "clustered.csv"), row.names = FALSE)
all <- read.csv(file.path(here, "clustered.csv"))

asked <- function(cells) {
  k <- length(cells)
  list(difference = c(-1, 1, rep(0, k - 2)),
       average = c(-.5, -.5, rep(1 / (k - 2), k - 2)),
       joint = cbind(-1, diag(k - 1)))
}

answers <- function(d, adjust) {
  cells <- sort(unique(d$cell)); k <- length(cells)
  d$cell <- factor(d$cell, levels = cells); d$z_c <- d$z - mean(d$z)
  formula <- if (adjust) y ~ 0 + cell + cell:z_c else y ~ 0 + cell
  plain <- lm(formula, data = d)
  wide <- function(w) c(w, rep(0, length(coef(plain)) - k))
  v <- vcovCR(plain, cluster = d$cluster, type = "CR2")
  one <- function(w) {
    t <- linear_contrast(plain, vcov = v, contrasts = matrix(wide(w), 1), test = "Satterthwaite",
                         p_values = TRUE)
    list(estimate = t$Est, se = t$SE, df = t$df, p = t$p_val, low = t$CI_L, high = t$CI_U)
  }
  q <- asked(cells)
  joint <- Wald_test(plain, constraints = t(apply(q$joint, 1, wide)), vcov = v, test = "HTZ")
  robust <- lm_robust(formula, data = d, clusters = cluster, se_type = "CR2")
  list(set = as.character(d$set[1]), adjusted = adjust, cells = cells,
       estimatr = list(mean = unname(coef(robust)[1:k]), se = unname(robust$std.error[1:k]),
                       low = unname(robust$conf.low[1:k]), high = unname(robust$conf.high[1:k])),
       difference = one(q$difference), average = one(q$average),
       joint = list(statistic = joint$Fstat, df_numerator = joint$df_num,
                    df_denominator = joint$df_denom, p = joint$p_val))
}

cases <- list()
for (set in c("schools", "persons")) for (adjust in c(FALSE, TRUE))
  cases[[length(cases) + 1]] <- answers(all[all$set == set, ], adjust)

# Slopes on covariates that nobody assigned.
slopes <- lapply(c("schools", "persons"), function(set) {
  d <- all[all$set == set, ]; d$late <- as.numeric(d$cell > "a")
  r <- lm_robust(y ~ z + late, data = d, clusters = cluster, se_type = "CR2")
  list(set = set, estimate = unname(coef(r)[-1]), se = unname(r$std.error[-1]),
       df = unname(r$df[-1]), p = unname(r$p.value[-1]))
})

out <- list(
  about = "CR2, Satterthwaite's degrees of freedom and HTZ of R on clustered.csv.",
  script = "tests/reference/make_clustered_r.R",
  versions = list(R = as.character(getRversion()),
                  estimatr = paste("estimatr", packageVersion("estimatr")),
                  clubSandwich = paste("clubSandwich", packageVersion("clubSandwich"))),
  cases = cases, slopes = slopes
)
writeLines(toJSON(out, digits = 15, auto_unbox = TRUE, pretty = TRUE),
           file.path(here, "clustered_r.json"))
