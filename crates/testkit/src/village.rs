use crate::{Visitor, postgres};
use axum::Router;
use kernel::crypto::Keys;
use kernel::limits::Limits;
use kernel::web::{App, Hooks};
use kernel::{Clock, Cx, Db, Doing, Domain, Moment, Result, Terms, Unprinted, Who, World, migrations, totp};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use values::Day;

/// The password of every account that is planted for tests and demos.
pub const PASSWORD: &str = "jiuyuan-2026";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What a village is made of: told by the tests of each domain.
#[derive(Clone, Copy)]
pub struct Setup {
    pub domains: fn() -> Vec<Domain>,
    pub hooks: Hooks,
    /// Plants people, places and families, in one transaction.
    pub plant: fn(Cx) -> Doing<()>,
}

/// A running platform with a store of its own.
pub struct Village {
    pub db: Db,
    pub world: World,
    router: Router,
    setup: Setup,
    /// The apps on people's phones that make codes: their secrets, by account.
    apps: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    /// What its press was given.
    pressed: Arc<Mutex<Vec<String>>>,
    /// Where its database lies; gone with the village.
    folder: TempDir,
}

impl Village {
    /// The county the village lies in.
    pub const COUNTY: &str = "539901";
    /// 30 September 2026, nine in the morning.
    pub const MORNING: Moment = Moment(1_790_730_000_000);

    /// Opens a store, runs the migrations, plants, and starts the platform over it.
    pub async fn raise(engine: Engine, setup: Setup) -> Self {
        let folder = tempfile::Builder::new().prefix("fuzhi-village-").tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("fuzhi.db").display()),
            Engine::Postgres => postgres::new_database().await,
        };
        let db = Db::open(&url).await.unwrap();
        let mut world = World::new(Clock::fixed(Self::MORNING), [7; 32], Keys::new([1; 32]));
        world.demo = true;
        migrations::apply(&db, &(setup.domains)(), world.clock.now()).await.unwrap();
        db.write(&world, &Who::machine("plant", Self::COUNTY), setup.plant).await.unwrap();
        let (_, router) = App::new(db.clone(), world.clone(), setup.hooks, (setup.domains)());
        Self { db, world, router, setup, apps: Arc::default(), pressed: Arc::default(), folder }
    }

    /// Tells a story twice, once on each database.
    pub async fn on_both<F: Future<Output = ()>>(setup: Setup, story: impl Fn(Self) -> F) {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            story(Self::raise(engine, setup).await).await;
        }
    }

    /// The same village, in which nobody's scope is applied: what a walk must turn red in.
    #[must_use]
    pub fn without_scope(self) -> Self {
        self.with_world(|world| {
            world.scoping_off = true;
            world.remembered = kernel::Remembered::default();
        })
    }

    /// The same village, not run as a demo.
    #[must_use]
    pub fn as_real(self) -> Self {
        self.with_world(|world| world.demo = false)
    }

    /// The same village in another world.
    #[must_use]
    pub fn with_world(self, change: impl FnOnce(&mut World)) -> Self {
        let mut world = self.world.clone();
        change(&mut world);
        let (_, router) = App::new(self.db.clone(), world.clone(), self.setup.hooks, (self.setup.domains)());
        Self { world, router, ..self }
    }

    /// The same village, in which what is done too often waits, and things last as long as this says.
    #[must_use]
    pub fn with_limits(self, (limits, terms): (Limits, Terms)) -> Self {
        self.with_world(|world| (world.limits, world.terms) = (limits, terms))
    }

    /// The same village, whose press gives this for every document.
    #[must_use]
    pub fn with_press(self, gives: std::result::Result<Vec<u8>, Unprinted>) -> Self {
        let pressed = Arc::clone(&self.pressed);
        self.with_world(|world| {
            world.press = Some(Arc::new(move |json: &[u8]| {
                pressed.lock().unwrap().push(String::from_utf8_lossy(json).into_owned());
                gives.clone()
            }));
        })
    }

    /// The document that the press was given last, as JSON.
    ///
    /// # Panics
    /// When it was given none.
    #[must_use]
    pub fn pressed(&self) -> String {
        self.pressed.lock().unwrap().last().cloned().expect("a document was printed")
    }

    /// Where a SQLite store's files lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody who has not signed in.
    #[must_use]
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }

    /// What the app on somebody's phone shows next, after the code it showed before was used. Time passes for it.
    #[must_use]
    pub fn next_code(&self, account: &str) -> String {
        self.world.clock.advance(totp::STEP);
        let secret = self.apps.lock().unwrap().get(account).cloned().unwrap_or_else(|| panic!("{account} has no app"));
        totp::code(&secret, self.world.clock.now().0.div_euclid(totp::STEP))
    }

    /// Signs in through the page, as people do; sets up an app for codes when the post asks for one.
    pub async fn sign_in(&self, account: &str) -> Visitor {
        let mut visitor = self.visitor();
        let page = visitor.get("/signin").await;
        let mut answer = visitor.submit(&page, "/session", &[("account", account), ("password", PASSWORD)]).await;
        if let Some(secret) = answer.secret() {
            let code = totp::code(&secret, self.world.clock.now().0.div_euclid(totp::STEP));
            self.apps.lock().unwrap().insert(account.to_owned(), secret);
            answer = visitor.submit(&answer, "/signin/enrolment", &[("code", &code)]).await;
        } else if answer.path.starts_with("/signin/step") {
            let code = self.next_code(account);
            answer = visitor.submit(&answer, "/signin/code", &[("code", &code)]).await;
        }
        assert!(visitor.cookie("fuzhi").is_some(), "{account} can't sign in: {}", answer.text());
        visitor
    }

    /// Lets days pass.
    pub fn days_later(&self, days: i64) {
        self.world.clock.advance(days * Moment::DAY);
    }

    pub fn minutes_later(&self, minutes: i64) {
        self.world.clock.advance(minutes * Moment::MINUTE);
    }

    #[must_use]
    pub fn today(&self) -> Day {
        self.world.clock.now().day()
    }

    /// A context that reads as the program itself.
    #[must_use]
    pub fn read(&self) -> Cx {
        self.db.read(&self.world, &Who::machine("test", Self::COUNTY))
    }

    /// Writes as the program itself.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn write<T, F: Future<Output = Result<T>>>(&self, work: impl Fn(Cx) -> F) -> Result<T> {
        self.db.write(&self.world, &Who::machine("test", Self::COUNTY), work).await
    }
}
