//! Civil affairs: assistance and the consents that households signed.

use super::Desk;
use crate::life::{AS_OF, WINDOW};
use crate::truth::{PARTS, by_month};
use crate::view::{Clerk, Field, Known, Value};

/// Grants, spoken of under the applicant's keys.
pub fn assistance(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, covered: bool) {
    known.covered.assistance = covered;
    let life = clerk.life;
    for household in 0..life.households.len() {
        let home = &life.households[household];
        for help in &home.assistance {
            if help.from > desk.as_of {
                continue;
            }
            let own = [
                (Field::Programme, Value::Text(help.programme)),
                (Field::MonthlyAmount, Value::Fen(help.monthly)),
                (Field::From, Value::Day(help.from)),
                (Field::To, help.to.into()),
            ];
            let written = clerk.row(desk, home.head, household, &own);
            let fields = [Field::Programme, Field::MonthlyAmount, Field::From, Field::To];
            if written.right(&fields) {
                let sum = by_month(help.monthly, help.from, help.to, WINDOW.first, WINDOW.last);
                known.homes[household].assistance += PARTS * i128::from(sum);
                if help.to.is_none_or(|to| AS_OF <= to) {
                    known.homes[household].programmes.push(help.programme);
                }
            }
        }
    }
}

/// Consents to be asked about, with those that ran out and those taken back.
pub fn consent(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known) {
    let life = clerk.life;
    for household in 0..life.households.len() {
        let home = &life.households[household];
        let Some(consent) = home.consent else {
            continue;
        };
        let own = [
            (Field::SignedOn, Value::Day(consent.signed)),
            (Field::ExpiresOn, Value::Day(consent.expires)),
            (Field::RevokedOn, consent.revoked.into()),
            (Field::Purpose, Value::Text("社会救助家庭经济状况核对")),
        ];
        let written = clerk.row(desk, home.head, household, &own);
        let fields = [Field::SignedOn, Field::ExpiresOn, Field::RevokedOn];
        known.homes[household].consent |= consent.is_live() && written.right(&fields);
    }
}
