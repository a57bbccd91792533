//! Serves a small invented village, for the browser tests and their pictures: `village PLACE ADDRESS [again]`.
//!
//! PLACE is a folder, whose store is made anew, or an empty database, `postgres://…`. With `again` it is served as it was
//! left; time stands still on a morning in October
//! 2026, twelve days after the run.

use households::load::RunLoad;
use kernel::crypto::Keys;
use kernel::{Clock, Error, Moment, Result, Who, World};
use values::Day;

const COUNTY: &str = "539901";
/// 12 October 2026, nine in the morning.
const MORNING: Moment = Moment(1_790_730_000_000 + 12 * Moment::DAY);

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [place, address, more @ ..] = arguments.as_slice() else {
        return Err(Error::internal("village PLACE ADDRESS [again]: a folder or a database, and where to listen"));
    };
    let again = more.first().is_some_and(|word| word == "again");
    let store = match place.starts_with("postgres://") {
        true => place.clone(),
        false => {
            let path = std::path::Path::new(place).join("village.db");
            for ending in ["", "-wal", "-shm"].into_iter().filter(|_| !again) {
                let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
            }
            format!("sqlite:{}", path.display())
        }
    };
    let mut world = World::new(Clock::fixed(MORNING), [if again { 8 } else { 7 }; 32], Keys::new([1; 32]));
    world.demo = true;
    let db = platform::open(&store, &world).await?;
    if !again {
        db.write(&world, &Who::machine("plant", COUNTY), |mut cx| async move {
            places::load(&mut cx, &rows()).await?;
            staff::plant_demo(&mut cx).await
        })
        .await?;
        load(&db, &world).await?;
    }
    let listen = address.parse().map_err(Error::internal)?;
    platform::serve(db, world, listen, |_| {}, std::future::pending()).await
}

async fn load(db: &kernel::Db, world: &World) -> Result<()> {
    let as_of = Day::from_ymd(2026, 9, 30).unwrap_or(Day(0));
    let ids: Vec<String> = (0..households::demo::COUNT).map(households::demo::household).collect();
    let mut run = RunLoad::begin(db, world, COUNTY, "demo-run", as_of, &ids).await?;
    screening::load::run(&mut run, &screening::demo::run()).await?;
    households::load::files(&mut run, linkage::demo::files().into_iter()).await?;
    screening::load::findings(&mut run, screening::demo::findings()).await?;
    exchange::load::deliveries(&mut run, &exchange::demo::deliveries()).await?;
    linkage::load::reviews(&mut run, linkage::demo::reviews().into_iter()).await?;
    linkage::load::records(&mut run, linkage::demo::records().into_iter()).await?;
    linkage::load::model(&mut run, &linkage::demo::model(), &linkage::demo::learned()).await?;
    run.commit().await?;
    casework::demo::plant(db, world, COUNTY).await
}

fn rows() -> Vec<places::Row> {
    let row = |code: &str, name: &str, level: &str, parent: &str| places::Row {
        code: code.to_owned(),
        name: name.to_owned(),
        level: level.to_owned(),
        parent: parent.to_owned(),
        ..places::Row::default()
    };
    vec![
        row("539901000000", "禾岭县", "county", ""),
        row("539901001000", "柳溪镇", "township", "539901000000"),
        row("539901001001", "上湾村", "village", "539901001000"),
        row("539901002000", "石桥乡", "township", "539901000000"),
        row("539901002001", "青坪村", "village", "539901002000"),
    ]
}
