use crate::{domains, hooks};
use axum::Router;
use axum::serve::ListenerExt;
use kernel::jobs::{Job, Work};
use kernel::web::App;
use kernel::{Db, Domain, Result, World, events, jobs, migrations};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// How often the work beside the pages is looked at.
const BEAT: Duration = Duration::from_secs(2);

/// How hard pages are compressed: a page is asked for once, so the time counts more than the last bytes.
const LEVEL: i32 = 3;

/// Opens `sqlite:PATH` or `postgres://…` and brings its tables up to date.
///
/// # Errors
/// When it can't be opened, or holds what a newer program wrote.
pub async fn open(url: &str, world: &World) -> Result<Db> {
    let db = Db::open(url).await?;
    let applied = migrations::apply(&db, &domains(), world.clock.now()).await?;
    // A planner that knows nothing of a new index takes it for the best.
    if applied > 0 {
        db.analyze().await?;
    }
    Ok(db)
}

/// The pages over a store, compressed on the wire.
#[must_use = "a router answers nothing until it is served"]
pub fn router(db: Db, world: World) -> Router {
    let (_, router) = App::new(db, world, hooks(), domains());
    router
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(LEVEL)))
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
}

/// Answers until `stop` comes, then finishes what was begun. `ready` is told the address once it listens.
///
/// # Errors
/// When the address can't be had.
pub async fn serve(
    db: Db,
    world: World,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr) + Send,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let listener = TcpListener::bind(listen).await.map_err(|cause| {
        kernel::Error::internal(format!("{listen} can't be listened on: {cause}; --listen names another address"))
    })?;
    ready(listener.local_addr().map_err(kernel::Error::internal)?);
    let beside = [tokio::spawn(beside(db.clone(), world.clone())), tokio::spawn(errands(db.clone(), world.clone()))];
    let service = router(db.clone(), world).into_make_service_with_connect_info::<SocketAddr>();
    // A page comes in several parts: none waits for the word that the one before arrived.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).await;
    beside.iter().for_each(tokio::task::JoinHandle::abort);
    db.close().await;
    served.map_err(kernel::Error::internal)
}

/// Events find their subscribers and jobs their hour, beside the pages.
async fn beside(db: Db, world: World) {
    let all: Vec<Domain> = domains();
    let subscribers: Vec<_> = all.iter().flat_map(|domain| domain.subscribers.clone()).collect();
    let work = jobs_that(&all, |job| matches!(job.run, Work::Inside(_)));
    loop {
        if let Err(error) = events::deliver(&db, &world, &subscribers).await {
            tracing::error!(%error, "events can't be delivered");
        }
        if let Err(error) = jobs::run_due(&db, &world, &work).await {
            tracing::error!(%error, "jobs can't be run");
        }
        tokio::time::sleep(BEAT).await;
    }
}

/// What takes its time holds up no deadline: it has a loop of its own.
async fn errands(db: Db, world: World) {
    let all: Vec<Domain> = domains();
    let work = jobs_that(&all, |job| matches!(job.run, Work::Outside(_)));
    let every: Vec<_> = jobs_that(&all, |job| job.every.is_some());
    if let Err(error) = jobs::begin(&db, &world, &every).await {
        tracing::error!(%error, "the work of every night can't be put down");
    }
    loop {
        if let Err(error) = jobs::run_due(&db, &world, &work).await {
            tracing::error!(%error, "errands can't be run");
        }
        tokio::time::sleep(BEAT).await;
    }
}

fn jobs_that(domains: &[Domain], suits: impl Fn(&Job) -> bool) -> Vec<Job> {
    domains.iter().flat_map(|domain| domain.jobs.clone()).filter(suits).collect()
}
