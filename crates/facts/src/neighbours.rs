//! Water is shared: what one survey says of a single house, its neighbours bear out or not.

use super::HouseholdFact as F;
use rustc_hash::FxHashMap;
use values::AreaCode;

/// One surveyed household.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub struct Surveyed {
    pub village: Option<AreaCode>,
    /// How many of the four are unmet.
    pub unmet: u8,
}

/// The four, as facts.
pub const CRITERIA: [F; 4] = [F::WaterQuantity, F::WaterQuality, F::WaterAccess, F::WaterReliability];

/// Where unsafe water comes in clusters, a village with fewer cases than this has no source that is unsafe.
const CASES: u32 = 3;
/// In a village with fewer surveyed households, few cases say nothing.
const ENOUGH: u32 = 50;
/// A village stands out when it has so many times the county's share of cases.
const TIMES: f64 = 3.0;
/// Cases come in clusters when at least this share of them lies in villages that stand out.
const CLUSTERED: f64 = 0.1;

/// Whether cases come in clusters, and the cases of each village.
pub struct Neighbours {
    villages: FxHashMap<AreaCode, (u32, u32)>,
    clustered: bool,
}

impl Neighbours {
    #[must_use]
    pub fn new(surveyed: impl Iterator<Item = Surveyed>) -> Self {
        let mut villages: FxHashMap<AreaCode, (u32, u32)> = FxHashMap::default();
        let (mut cases, mut all) = (0u32, 0u32);
        for household in surveyed {
            let Some(village) = household.village else { continue };
            let (of_village, surveyed) = villages.entry(village).or_default();
            let case = u32::from(household.unmet > 0);
            (*of_village, *surveyed) = (*of_village + case, *surveyed + 1);
            (cases, all) = (cases + case, all + 1);
        }
        let share = f64::from(cases) / f64::from(all.max(1));
        let stands_out = |(cases, surveyed): &&(u32, u32)| {
            *cases >= CASES && f64::from(*cases) >= TIMES * share * f64::from(*surveyed)
        };
        let in_clusters: u32 = villages.values().filter(stands_out).map(|(cases, _)| cases).sum();
        Self { clustered: f64::from(in_clusters) >= CLUSTERED * f64::from(cases.max(1)), villages }
    }

    /// Whether a case stands so alone that a slip of the pen is as likely: one criterion, and hardly a neighbour's.
    #[must_use]
    pub fn leave_alone(&self, household: Surveyed) -> bool {
        let village = household.village.and_then(|village| self.villages.get(&village));
        self.clustered
            && household.unmet == 1
            && village.is_some_and(|(cases, surveyed)| *cases < CASES && *surveyed >= ENOUGH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county(cases: impl Fn(u64) -> u32) -> Vec<Surveyed> {
        let village = |n: u64| (0..100).map(move |house| (n, house));
        (0..40)
            .flat_map(village)
            .map(|(n, house)| Surveyed { village: Some(AreaCode(n)), unmet: u8::from(house < cases(n)) })
            .collect()
    }

    #[test]
    fn a_single_case_is_doubted_only_where_cases_come_in_clusters() {
        let single = Surveyed { village: Some(AreaCode(1)), unmet: 1 };
        let clustered = Neighbours::new(county(|n| if n == 0 { 30 } else { 1 }).into_iter());
        assert!(clustered.leave_alone(single));
        assert!(!clustered.leave_alone(Surveyed { unmet: 2, ..single }));
        assert!(!clustered.leave_alone(Surveyed { village: Some(AreaCode(0)), unmet: 1 }));
        let even = Neighbours::new(county(|_| 1).into_iter());
        assert!(!even.leave_alone(single));
    }
}
