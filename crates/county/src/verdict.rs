//! The truth about a village, and how chunks reach the sink.

use crate::Delivered;
use crate::catalog;
use crate::chunk::{Cell, Chunk, Sink, Verdict};
use crate::life::{Life, Tag, World, is_empty};
use crate::truth::{self, Account, CAUSES, Excess};
use crate::view::Known;

/// Members and verdicts of a village.
pub fn of(world: &World<'_>, life: &Life, known: &mut Known) -> (Vec<(Tag, usize)>, Vec<Verdict>) {
    let whole = known.households_seen_whole(life);
    let mut members = Vec::new();
    let mut verdicts = Vec::new();
    for household in (0..life.households.len()).filter(|household| !is_empty(life, *household)) {
        members.extend(life.members(household).map(|person| (person.tag, household)));
        let causes = truth::causes(life, household);
        let listed = truth::listed(&life.households[household]);
        let excess = Excess::of(life, household);
        let wrongly: Vec<&str> = listed.iter().copied().filter(|programme| excess.programme(programme)).collect();
        let proven = if whole[household] { known.proven_excess(life, household) } else { Vec::new() };
        let knowable: Vec<&str> = wrongly.iter().copied().filter(|programme| proven.contains(programme)).collect();
        let names: Vec<&str> = (0..CAUSES.len()).filter(|i| causes & 1 << i != 0).map(|i| CAUSES[i]).collect();
        verdicts.push(Verdict {
            household: household_id(life.village, household),
            area: world.places.villages[life.village].code,
            income_per_head: Account::of(life, household).income_per_head(),
            at_risk: causes != 0,
            at_risk_knowable: causes != 0 && whole[household] && known.proves_risk(life, household, causes),
            causes: names.join(";"),
            listed: listed.join(";"),
            wrongly_listed: wrongly.join(";"),
            wrongly_listed_knowable: knowable.join(";"),
        });
    }
    (members, verdicts)
}

fn household_id(village: usize, household: usize) -> String {
    format!("H{village:04}{household:04}")
}

impl Chunk {
    /// Hands the village's rows to the sink. Chunks must come in the order of their numbers.
    ///
    /// # Errors
    /// When the sink can't take a row.
    pub fn deliver<S: Sink>(&self, delivered: &mut Delivered, sink: &mut S) -> Result<(), S::Error> {
        let files: Vec<_> = catalog::files().collect();
        let (records, errors) = (files.len(), files.len() + 1);
        let mut cells = Vec::new();
        for (resource, (delivery, file)) in files.iter().enumerate() {
            let rows = &self.rows[resource];
            for (place, row) in self.order[resource].iter().enumerate() {
                let row = *row as usize;
                cells.clear();
                cells.extend((0..rows.width).map(|column| rows.cell(row, column)));
                sink.row(resource, &cells)?;
                let number = (delivered.0[resource] + place as u64 + 1).to_string();
                let person = rows.about[row].map(|tag| tag.to_string()).unwrap_or_default();
                let department = delivery.department.name();
                let record = [department, file.name, &number, &person].map(Cell::Text);
                sink.row(records, &record)?;
            }
        }
        self.deliver_mistakes(delivered, errors, &files, sink)?;
        for (count, rows) in delivered.0.iter_mut().zip(&self.rows) {
            *count += rows.len() as u64;
        }
        self.deliver_verdicts(errors + 1, sink)
    }

    fn deliver_mistakes<S: Sink>(
        &self,
        delivered: &Delivered,
        errors: usize,
        files: &[(&catalog::Delivery, &catalog::File)],
        sink: &mut S,
    ) -> Result<(), S::Error> {
        // Where each row of the village went.
        let places: Vec<Vec<u32>> = self.order.iter().map(|order| inverse(order)).collect();
        for mistake in &self.mistakes {
            let (delivery, file) = files[mistake.resource];
            let place = u64::from(places[mistake.resource][mistake.row]);
            let row = (delivered.0[mistake.resource] + place + 1).to_string();
            let cells = [
                delivery.department.name(),
                file.name,
                &row,
                mistake.field,
                mistake.kind,
                &mistake.was,
                &mistake.became,
            ];
            sink.row(errors, &cells.map(Cell::Text))?;
        }
        Ok(())
    }

    fn deliver_verdicts<S: Sink>(&self, members: usize, sink: &mut S) -> Result<(), S::Error> {
        let village =
            self.verdicts.first().map_or("H0000", |verdict| &verdict.household[..verdict.household.len() - 4]);
        for (tag, household) in &self.members {
            sink.row(members, &[&tag.to_string(), &format!("{village}{household:04}")].map(|t| Cell::Text(t)))?;
        }
        for verdict in &self.verdicts {
            let flag = |holds: bool| if holds { "true" } else { "false" };
            let (area, income) = (verdict.area.to_string(), verdict.income_per_head.to_string());
            let cells = [
                verdict.household.as_str(),
                &area,
                &income,
                flag(verdict.at_risk),
                flag(verdict.at_risk_knowable),
                &verdict.causes,
                &verdict.listed,
                &verdict.wrongly_listed,
                &verdict.wrongly_listed_knowable,
            ];
            sink.row(members + 1, &cells.map(Cell::Text))?;
        }
        Ok(())
    }
}

fn inverse(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, row) in order.iter().enumerate() {
        places[*row as usize] = place as u32;
    }
    places
}
