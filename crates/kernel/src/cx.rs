use crate::db::Turn;
use crate::known;
use crate::query;
use crate::readers::Lent;
use crate::scope::Predicate;
use crate::tokens::Token;
use crate::{
    Columns, Db, Error, Interval, Language, Message, Permission, Query, Record, Result, Scope, Staff, StaffId, Who,
    World, ids,
};
use crate::{Hit, Moment, audit, domain::MenuEntry, web::App};
use std::sync::{Arc, Mutex as PlainMutex, PoisonError};
use tokio::sync::{Mutex, OwnedMutexGuard};
use uuid::Uuid;
use values::Day;

/// Households that a request has read, each with the scope that let it.
type Met = Vec<(Arc<Scope>, String)>;

/// Everything an action or a page needs to know about the moment it runs in.
///
/// It is cheap to clone, and all clones share one transaction: a handler takes `mut cx: Cx`, an action `&mut Cx`,
/// and nobody writes begin, commit or retry.
#[derive(Clone)]
pub struct Cx {
    pub(crate) db: Db,
    pub(crate) tx: Option<Arc<Mutex<Turn>>>,
    pub(crate) world: World,
    pub(crate) scope: Arc<Scope>,
    pub(crate) known: Option<Day>,
    pub(crate) reads: Arc<PlainMutex<Vec<audit::Note>>>,
    /// What this request has read within which scope, see [`Cx::met`].
    pub(crate) met: Arc<PlainMutex<Met>>,
    /// Of a panel: there is nothing to tell, see [`Panel::holds`](crate::Panel::holds).
    pub(crate) bare: bool,
    pub(crate) app: Option<App>,
    /// What a machine's token leaves of its account's rights; everything for people.
    pub(crate) token: Option<Arc<Token>>,
    pub who: Who,
    pub now: Moment,
    pub language: Language,
    /// The page being answered; plain defaults in jobs.
    pub visit: Arc<Visit>,
}

/// What a page knows about the request it answers.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Path and query as asked for.
    pub path: String,
    /// Goes into every form as the hidden field `csrf`.
    pub csrf: String,
    /// A number to quote when something goes wrong.
    pub number: String,
    /// Hash of the session's token: names the session in lists without being it.
    pub session: Option<String>,
    /// Where the request came from and with what, as the browser says; for the list of own sessions.
    pub device: String,
    pub address: String,
    /// A fragment was asked for (`data-into`), not a page.
    pub fragment: bool,
    pub menu: Arc<[MenuEntry]>,
}

/// Where a statement runs: in the transaction, or on a reading connection.
pub(crate) enum Slot {
    Sqlite(Lent<sqlx::Sqlite>),
    Postgres(Lent<sqlx::Postgres>),
    Tx(OwnedMutexGuard<Turn>),
}

impl Cx {
    pub(crate) fn new(db: &Db, world: &World, who: Who) -> Self {
        let scope = match who {
            Who::Machine { .. } => Scope::Everything,
            Who::Nobody | Who::Staff(_) | Who::Resident { .. } => Scope::nothing(),
        };
        Self {
            db: db.clone(),
            tx: None,
            now: world.clock.now(),
            world: world.clone(),
            scope: Arc::new(scope),
            known: None,
            reads: Arc::default(),
            met: Arc::default(),
            bare: false,
            app: None,
            token: None,
            language: who.staff().and_then(|staff| staff.language).unwrap_or_default(),
            who,
            visit: Arc::default(),
        }
    }

    pub(crate) async fn slot(&self) -> Result<Slot> {
        Ok(match (&self.tx, &self.db) {
            (Some(tx), db) => {
                let mut turn = Arc::clone(tx).lock_owned().await;
                turn.begin(db).await?;
                Slot::Tx(turn)
            }
            (None, Db::Sqlite { read, .. }) => Slot::Sqlite(read.lend().await?),
            (None, Db::Postgres(readers)) => Slot::Postgres(readers.lend().await?),
        })
    }

    /// A statement over tables in which nobody's family is seen. `{known}` and `{known alias}` become the
    /// predicate of [`Cx::as_known_on`].
    pub fn sql(&mut self, sql: &'static str) -> Query {
        Query::new(self, known::with_known(sql, self.known), Vec::new())
    }

    /// A statement over families' rows: `{scope}` becomes what this person may see, on that column of place keys
    /// (or those [`Columns`]).
    ///
    /// # Panics
    /// When the text has no `{scope}`: a mistake of the program, found by the first test that runs it.
    pub fn scoped(&mut self, columns: impl Into<Columns>, sql: &'static str) -> Query {
        assert!(sql.contains("{scope}"), "a scoped statement says where its {{scope}} goes: {sql}");
        let predicate = self.scope_predicate(columns.into(), query::first_free(sql));
        self.within(&predicate, sql)
    }

    /// A statement over what departments delivered: `{scope}` becomes the departments whose deliveries this person may
    /// read, by that column.
    ///
    /// # Panics
    /// When the text has no `{scope}`.
    pub fn of_departments(&mut self, column: &'static str, sql: &'static str) -> Query {
        assert!(sql.contains("{scope}"), "a scoped statement says where its {{scope}} goes: {sql}");
        let scope = if self.unscoped() { &Scope::Everything } else { &*self.scope };
        let predicate = scope.predicate_of_departments(column, query::first_free(sql));
        self.within(&predicate, sql)
    }

    fn within(&mut self, predicate: &Predicate, sql: &'static str) -> Query {
        let sql = known::with_known(sql, self.known).replace("{scope}", &predicate.text);
        Query::new(self, sql, predicate.values.clone())
    }

    /// One page of families' rows in the order of place and id, without counting or skipping what went before.
    ///
    /// `{page}` in the text becomes the interval, the cursor, `order by` and `limit`, so it stands last and behind
    /// `where`: `select … from households where state = $1 and {page}`. Intervals are walked one by one: SQLite would
    /// otherwise read the whole county and sort it.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database refuses.
    pub async fn page<T: Record>(
        &mut self,
        walk: Walk,
        bind: impl Fn(Query) -> Query,
        after: Option<(String, String)>,
        size: usize,
    ) -> Result<Vec<T>> {
        if self.scope.lists() && !self.unscoped() {
            return self.page_of_listed(walk, bind, after, size).await;
        }
        let mut rows = Vec::new();
        for Interval { first, last } in self.visible_intervals() {
            if after.as_ref().is_some_and(|(place, _)| place.as_str() > last.as_str()) {
                continue;
            }
            let Walk { place, id, sql, .. } = walk;
            // The cursor alone bounds the index from below; the interval only where it begins behind the cursor.
            let n = query::first_free(walk.sql);
            let (from, mut values) = match &after {
                Some((key, row)) if key.as_str() >= first.as_str() => {
                    (format!("({place}, {id}) > (${}, ${})", n + 1, n + 2), vec![key.clone(), row.clone()])
                }
                _ => (format!("{place} >= ${}", n + 1), vec![first.to_string()]),
            };
            values.insert(0, last.to_string());
            let left = size - rows.len();
            let page = format!("{from} and {place} <= ${n} order by {place}, {id} limit {left}");
            let query = Query::new(self, known::with_known(sql, self.known).replace("{page}", &page), values);
            rows.extend(bind(query).list::<T>().await?);
            if rows.len() >= size {
                break;
            }
        }
        Ok(rows)
    }

    /// Listed households lie anywhere, and there are few of them: one statement finds them together with the places.
    async fn page_of_listed<T: Record>(
        &mut self,
        Walk { place, id, household, sql }: Walk,
        bind: impl Fn(Query) -> Query,
        after: Option<(String, String)>,
        size: usize,
    ) -> Result<Vec<T>> {
        let n = query::first_free(sql);
        let scope = self.scope_predicate(Columns::family(place, household), n + 2);
        let (key, row) = after.unwrap_or_default();
        let from = format!("({place}, {id}) > (${n}, ${})", n + 1);
        let page = format!("{} and {from} order by {place}, {id} limit {size}", scope.text);
        let values = [key, row].into_iter().chain(scope.values).collect();
        bind(Query::new(self, known::with_known(sql, self.known).replace("{page}", &page), values)).list().await
    }

    fn visible_intervals(&self) -> Vec<Interval> {
        if self.unscoped() { Scope::Everything.intervals() } else { self.scope.intervals() }
    }

    /// The one interval in which everything lies that may be seen; `None` where families are listed one by one.
    #[must_use]
    pub fn hull(&self) -> Option<Interval> {
        let all = self.visible_intervals();
        let hull = || Some(Interval { first: all.first()?.first, last: all.last()?.last });
        if self.scope.lists() && !self.unscoped() { None } else { hull() }
    }

    fn scope_predicate(&self, columns: Columns, first: usize) -> Predicate {
        if self.unscoped() { Scope::Everything.predicate(columns, first) } else { self.scope.predicate(columns, first) }
    }

    #[cfg(feature = "testing")]
    const fn unscoped(&self) -> bool {
        self.world.scoping_off
    }

    #[cfg(not(feature = "testing"))]
    #[expect(clippy::unused_self, reason = "only a test build can switch scoping off")]
    const fn unscoped(&self) -> bool {
        false
    }

    /// What this person may see under the permission of the route they came by.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The same context with the scope of another permission: a fragment of another domain inside a page.
    #[must_use]
    pub fn under(&self, permission: Permission) -> Self {
        Self { scope: Arc::new(Scope::of(&self.who, permission, self.today())), ..self.clone() }
    }

    /// Notes that this page has read a household within its scope.
    pub fn meet(&self, household: &str) {
        if self.tx.is_none() && self.known.is_none() {
            self.lock_met().push((Arc::clone(&self.scope), household.to_owned()));
        }
    }

    /// Whether this very page has read a household within this very scope already: its panels needn't ask again.
    /// Never inside a transaction, which sees for itself.
    #[must_use]
    pub fn has_met(&self, household: &str) -> bool {
        let same = |(scope, one): &(Arc<Scope>, String)| *scope == self.scope && one == household;
        self.tx.is_none() && self.known.is_none() && self.lock_met().iter().any(same)
    }

    fn lock_met(&self) -> std::sync::MutexGuard<'_, Vec<(Arc<Scope>, String)>> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the page that asked for this panel knows that there is nothing to tell: no row need be read.
    #[must_use]
    pub const fn holds_nothing(&self) -> bool {
        self.bare
    }

    /// The same context for statements that only count: [`Scope::of_numbers`]. What it finds is told as numbers and
    /// never as rows of families.
    #[must_use]
    pub fn counting(&self, permission: Permission) -> Self {
        Self { scope: Arc::new(Scope::of_numbers(&self.who, permission, self.today())), ..self.clone() }
    }

    /// The same context outside of its transaction: reads that come before slow work, such as checking a password,
    /// so that nobody waits for the writer's turn meanwhile.
    #[must_use]
    pub fn outside(&self) -> Self {
        Self { tx: None, ..self.clone() }
    }

    /// The same context, reading what was known at the end of that day.
    #[must_use]
    pub fn as_known_on(&self, day: Day) -> Self {
        Self { known: Some(day), ..self.clone() }
    }

    /// The day knowledge ends at, when it isn't now.
    #[must_use]
    pub const fn known_on(&self) -> Option<Day> {
        self.known
    }

    /// Today in China.
    #[must_use]
    pub fn today(&self) -> Day {
        self.now.day()
    }

    #[must_use]
    pub fn can(&self, permission: Permission) -> bool {
        let granted = self.token.as_ref().is_none_or(|token| permission.is_public() || token.grants(permission));
        granted && permission.held_by(&self.who, self.today())
    }

    /// Six digits: the county whose rows are read and written; empty when nobody is signed in.
    #[must_use]
    pub fn county(&self) -> &str {
        self.who.county()
    }

    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The person who decides.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a machine or nobody: neither can decide.
    pub fn staff(&self) -> Result<&Staff> {
        self.who.staff().ok_or(Error::Forbidden)
    }

    /// # Errors
    /// [`Error::Forbidden`] for a machine or nobody: neither can decide.
    pub fn staff_id(&self) -> Result<StaffId> {
        Ok(self.staff()?.id.clone())
    }

    /// Puts an entry into the audit trail: in this transaction, or, on a page, before it is shown.
    ///
    /// `detail` names fields, purposes and counts; never a name, a number or an address of a family.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database refuses.
    pub async fn audit(&mut self, verb: &'static str, kind: &'static str, subject: &str, detail: &str) -> Result<()> {
        let note = audit::Note::new(self, verb, kind, subject, detail);
        if self.tx.is_some() {
            return audit::wait(self, &note).await;
        }
        self.reads.lock().unwrap_or_else(PoisonError::into_inner).push(note);
        Ok(())
    }

    pub(crate) fn take_reads(&self) -> Vec<audit::Note> {
        std::mem::take(&mut *self.reads.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What other domains lend to the page of a noun, as HTML.
    ///
    /// # Errors
    /// [`Error::Internal`] when a panel's path is malformed.
    pub async fn panels(&self, of: &str, id: &str) -> Result<Vec<String>> {
        match &self.app {
            Some(app) => app.panels(self, of, id).await,
            None => Ok(Vec::new()),
        }
    }

    /// Asks every domain that can be searched, within this person's scope.
    ///
    /// # Errors
    /// The database's.
    pub async fn search(&self, text: &str) -> Result<Vec<(&'static str, Vec<Hit>)>> {
        let mut found = Vec::new();
        let providers = self.app.as_ref().map(App::searches).unwrap_or_default();
        for provider in providers.iter().filter(|provider| self.can(provider.permission)) {
            found.push((provider.name, (provider.search)(self.under(provider.permission), text.to_owned()).await?));
        }
        Ok(found)
    }

    /// What the machine interface asks for, by name: what a token can be for.
    #[must_use]
    pub fn interface(&self) -> &[Permission] {
        self.app.as_ref().map_or(&[], App::interface)
    }

    /// Says a message in the reader's language; its key where nobody has given it words.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        self.app.as_ref().map_or_else(|| message.key.to_owned(), |app| (app.hooks().say)(self.language, message))
    }

    /// A fresh id for a row that a person makes (UUIDv7).
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        ids::timed_id(self.now.0, self.world.dice.bytes())
    }
}

/// The statement of a paged list, and the columns it goes by.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    pub place: &'static str,
    pub id: &'static str,
    /// The column of the household a row speaks of.
    pub household: &'static str,
    pub sql: &'static str,
}
