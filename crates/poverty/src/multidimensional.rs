use crate::Measure;
use values::Truth;

/// One dimension (indicator) of the index: its weight, and whether each household is deprived in it.
#[derive(Clone, Debug)]
pub struct Dimension<'a> {
    pub name: &'a str,
    /// Weights need not add up to 1: they are scaled so that they do.
    pub weight: f64,
    /// One entry a household.
    pub deprived: &'a [Truth],
}

/// The adjusted headcount of Alkire and Foster (2011) with its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Multidimensional {
    /// H: the share of persons deprived in at least the cutoff's share of weighted dimensions.
    pub headcount: Measure,
    /// A: the average share of weighted deprivations among the poor.
    pub intensity: f64,
    /// M0 = H × A.
    pub adjusted_headcount: Measure,
    /// A dimension: the share of persons who are poor and deprived in it (censored headcount), and its
    /// part of M0 (weight × censored headcount ÷ M0); the parts add up to 1 where anybody is poor.
    pub contributions: Vec<(String, f64, f64)>,
}

/// Who is poor in several ways at once. `members` gives each household's persons; `cutoff` is k as a share of
/// the weights (1/3 in the global index).
///
/// A household counts as known when it is poor or not poor whatever its unknown dimensions are; only its
/// known deprivations add to its intensity, so that M0 over the known is a lower estimate where dimensions are unknown.
#[must_use]
pub fn multidimensional(dimensions: &[Dimension<'_>], members: &[u32], cutoff: f64) -> Multidimensional {
    let total: f64 = dimensions.iter().map(|d| d.weight).sum();
    let weight = |d: &Dimension<'_>| if total > 0.0 { d.weight / total } else { 0.0 };
    let reaches = |share: f64| share + 1e-12 >= cutoff && share > 0.0;
    let (mut poor, mut known, mut unknown, mut most_poor) = (0.0, 0.0, 0.0, 0.0);
    let (mut deprivations, mut least, mut most) = (0.0, 0.0, 0.0);
    let mut censored = vec![0.0; dimensions.len()];
    for (household, persons) in members.iter().enumerate().filter(|(_, persons)| **persons > 0) {
        let persons = f64::from(*persons);
        let share = |counts: fn(Truth) -> bool| -> f64 {
            dimensions.iter().filter(|d| counts(d.deprived[household])).map(weight).sum()
        };
        let certain = share(|t| t == Truth::True);
        let possible = share(|t| t != Truth::False);
        most_poor += if reaches(possible) { persons } else { 0.0 };
        most += if reaches(possible) { persons * possible } else { 0.0 };
        if reaches(certain) {
            poor += persons;
            deprivations += persons * certain;
            least += persons * certain;
            for (sum, dimension) in censored.iter_mut().zip(dimensions) {
                *sum += if dimension.deprived[household] == Truth::True { persons } else { 0.0 };
            }
        }
        if reaches(certain) || !reaches(possible) {
            known += persons;
        } else {
            unknown += persons;
        }
    }
    let parts = dimensions.iter().zip(&censored).map(|(d, sum)| {
        let part = if deprivations > 0.0 { weight(d) * sum / deprivations } else { 0.0 };
        (d.name.to_owned(), if known > 0.0 { sum / known } else { 0.0 }, part)
    });
    Multidimensional {
        headcount: Measure::of(poor, known, unknown, poor, most_poor),
        intensity: if poor > 0.0 { deprivations / poor } else { 0.0 },
        adjusted_headcount: Measure::of(deprivations, known, unknown, least, most),
        contributions: parts.collect(),
    }
}
