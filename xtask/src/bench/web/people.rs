//! Who asks: a thousand sessions of people at villages, townships and the county, and families each of them may open.

use super::client::Client;
use anyhow::{Context, Result, bail};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The password of every demo account.
const PASSWORD: &str = "jiuyuan-2026";
/// Of ten people six work in a village, three in a township and one at the county.
const OF_TEN: [&str; 10] =
    ["village", "village", "township", "village", "village", "township", "village", "county", "village", "township"];

/// Somebody who has signed in.
pub struct Person {
    pub level: &'static str,
    pub cookies: String,
    /// Pages of families, anywhere in the place.
    pub families: Vec<String>,
    /// What is typed to find one: a name, the beginning of one, a surname, a name's sound.
    pub words: Vec<String>,
}

/// Signs so many people in, several at a time.
pub fn sign_in(address: &str, users: usize) -> Result<Vec<Person>> {
    let (next, people) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let worker = || -> Result<()> {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= users {
                return Ok(());
            }
            let person = enter(address, n)?;
            people.lock().map_err(|_| anyhow::anyhow!("a worker broke"))?.push(person);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a worker broke"))?)
    })?;
    people.into_inner().map_err(|_| anyhow::anyhow!("a worker broke"))
}

fn enter(address: &str, n: usize) -> Result<Person> {
    let mut client = Client::connect(address, false)?;
    let level = OF_TEN[n % 10];
    let cookies = match level {
        "county" => account(&mut client, level)?,
        // As many accounts as there are places; then from the first again.
        _ => {
            let places = if level == "village" { 36 * 47 } else { 47 };
            let named = account(&mut client, &format!("{level}-{}", n.wrapping_mul(101) % places + 1))?;
            named.map_or_else(|| account(&mut client, level), |cookies| Ok(Some(cookies)))?
        }
    };
    let cookies = cookies.with_context(|| format!("{level} can't sign in: is it a demo's store?"))?;
    let (mut families, mut words) = (Vec::new(), Vec::new());
    // Somewhere in the county, and from the first family on where nothing of theirs lies behind.
    for after in [format!("?after=539901{:03}.", 100 + n * 7 % 47), String::new()] {
        let page = client.get(&format!("/households{after}"), &cookies)?;
        for row in page.body.split("href=\"/households/").skip(1) {
            let Some((id, rest)) = row.split_once("\">") else { continue };
            if id.len() == 36 {
                families.push(format!("/households/{id}"));
                let name = rest.split_once('<').map_or("", |(name, _)| name);
                words.extend(typed(name, words.len()));
            }
        }
        if families.len() >= 20 {
            break;
        }
    }
    if families.is_empty() {
        bail!("{level} sees no family: make a store by `fuzhi demo --townships 47 --no-serve`");
    }
    Ok(Person { level, cookies, families, words })
}

/// What somebody types to find 周德全家: one thing of several.
fn typed(household: &str, n: usize) -> Option<String> {
    const SOUNDS: [&str; 8] = ["zw", "lx", "wf", "cgl", "zh", "yj", "hm", "lzq"];
    let name: Vec<char> = household.chars().take_while(|c| *c != '家' && *c != '\'').collect();
    if name.len() < 2 {
        return None;
    }
    let word: String = match n % 4 {
        0 => name.iter().collect(),
        1 => name[..2].iter().collect(),
        2 => name[..1].iter().collect(),
        _ => SOUNDS[n / 4 % SOUNDS.len()].to_owned(),
    };
    Some(word.bytes().map(|byte| format!("%{byte:02X}")).collect())
}

/// The cookies of an account that has signed in; `None` where there is none of that name.
fn account(client: &mut Client, account: &str) -> Result<Option<String>> {
    let page = client.get("/signin", "")?;
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let csrf = csrf.context("the sign-in page has no form")?;
    let form = format!("csrf={csrf}&account={account}&password={PASSWORD}&then=/account");
    let entered = client.post("/session", &page.cookies, &form)?;
    Ok(Some(entered.cookies).filter(|cookies| cookies.contains("fuzhi=")))
}
