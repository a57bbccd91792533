use kernel::{Cx, Moment, Result};

kernel::record! {
    /// An entry of the audit trail about a family, with who it was.
    #[derive(Clone, Debug)]
    pub struct Entered {
        pub at: Moment,
        pub actor: String,
        pub verb: String,
        pub detail: String,
        pub name: Option<String>,
        pub place: Option<String>,
    }
}

/// Who opened pages about a household, the newest first, at most so many. The caller has read the household within scope.
///
/// # Errors
/// The database's.
pub async fn list_looks(cx: &mut Cx, household: &str, most: i64) -> Result<Vec<Entered>> {
    cx.sql(
        "select e.at, e.actor, e.verb, e.detail, a.name,
                (select max(pl.name) from posts p join places pl on pl.place = p.place and pl.superseded_at is null
                 where p.staff = e.actor and p.superseded_at is null) as place
         from (select at, id, actor, verb, detail from audit_entries
               where subject_kind = 'household' and subject = $1 and verb in ('read', 'print', 'glass_broken')
               order by at desc, id desc limit $2) e
              left join accounts a on a.id = e.actor
         order by e.at desc, e.id desc",
    )
    .bind(household)
    .bind(most)
    .list()
    .await
}
