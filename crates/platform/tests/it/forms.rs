//! Every form that somebody is shown, as its page gives it, after what has to happen so that each of the program's forms
//! is shown to somebody.

use crate::families::{FOREIGN, OWN, sample};
use crate::language::at_home;
use crate::machines::machine;
use crate::village::ACCOUNTS;
use kernel::provider::Provider;
use kernel::{Moment, Route, Verb};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use testkit::{Answer, PASSWORD, Village, Visitor};

/// A form that somebody was shown.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub route: &'static str,
    /// Names with what they hold as the page gives them; of several with one name the first.
    pub fields: BTreeMap<String, String>,
    pub takes_file: bool,
}

/// Somebody, and what they are shown.
pub struct Shown {
    pub visitor: Visitor,
    pub forms: Vec<Form>,
}

pub fn routes() -> Vec<Route> {
    platform::domains().iter().flat_map(|domain| domain.routes.list().to_vec()).collect()
}

/// What hangs on a device or on a program outside, which no page of this walk leads to: their fields by hand.
const BY_HAND: [(&str, &[&str]); 3] = [
    ("/signin/passkey", &["challenge", "answer", "then"]),
    ("/signin/entry", &["then"]),
    ("/provider-links/{id}/end", &[]),
];

impl Form {
    fn by_hand(csrf: &str, (route, fields): (&'static str, &[&str])) -> Self {
        let mut fields: BTreeMap<String, String> =
            fields.iter().map(|name| ((*name).to_owned(), "a".to_owned())).collect();
        fields.insert("csrf".to_owned(), csrf.to_owned());
        Self { action: route.replace("{id}", "a"), route, fields, takes_file: false }
    }

    /// What people fill in or choose.
    pub fn typed(&self) -> Vec<&String> {
        self.fields.keys().filter(|name| !matches!(name.as_str(), "csrf" | "command")).collect()
    }

    pub async fn send(&self, visitor: &mut Visitor, said: &BTreeMap<String, String>) -> Answer {
        let fields: Vec<(&str, &str)> = said.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if self.takes_file {
            let name = if self.route.ends_with("/papers") { "paper" } else { "attachment" };
            let file = said.values().next_back().map_or(&b""[..], |text| text.as_bytes());
            return visitor.upload(&self.action, &fields, (name, file)).await;
        }
        visitor.post_raw(&self.action, &fields).await
    }
}

/// The route of that verb which an address belongs to; one written out before one with a placeholder.
fn route_of(routes: &[Route], verb: Verb, address: &str) -> Option<&'static str> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let fits = |pattern: &str| {
        let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        pattern.len() == path.len() && pattern.iter().zip(&path).all(|(a, b)| a.starts_with('{') || a == b)
    };
    let of_verb = routes.iter().filter(|route| route.verb == verb && fits(route.path)).map(|route| route.path);
    of_verb.min_by_key(|path| path.matches('{').count())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(value.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#38;", "&"))
}

pub fn forms(page: &Answer) -> Vec<Form> {
    let (text, routes) = (page.text(), routes());
    let mut found = Vec::new();
    for part in text.split("<form").skip(1) {
        let (head, inside) = part.split_once('>').unwrap_or_default();
        let inside = inside.split("</form>").next().unwrap_or_default();
        let head = format!(" {head}");
        let Some(action) = attribute(&head, "action").filter(|_| head.contains("method=\"post\"")) else { continue };
        let Some(route) = route_of(&routes, Verb::Form, &action) else {
            panic!("{action} of {} is no route", page.path)
        };
        let mut fields = BTreeMap::new();
        for tag in ["<input", "<textarea", "<select", "<button"].iter().flat_map(|tag| inside.split(tag).skip(1)) {
            let (tag, behind) = tag.split_once('>').unwrap_or_default();
            let Some(name) = attribute(tag, "name").filter(|_| !tag.contains("type=\"file\"")) else { continue };
            let chosen = behind.split("</select>").next().and_then(|options| attribute(options, "value"));
            let value = attribute(tag, "value").or_else(|| chosen.filter(|_| inside.contains("<option")));
            let entry: &mut String = fields.entry(name).or_default();
            if entry.is_empty() {
                *entry = value.unwrap_or_default();
            }
        }
        found.push(Form { action, route, fields, takes_file: head.contains("multipart/form-data") });
    }
    found
}

/// Every form that a visitor comes upon, some steps from the plain pages and `from` here; of each kind two.
/// `look` looks at each page.
pub async fn collect(visitor: &mut Visitor, from: &[String], look: fn(&Answer)) -> Vec<Form> {
    let routes = routes();
    let plain = |route: &&Route| route.verb == Verb::Page && !route.path.contains('{') && route.path != "/language";
    let mut ahead: Vec<String> = from.to_vec();
    ahead.extend(routes.iter().filter(plain).map(|route| route.path.to_owned()));
    let (mut seen, mut of_route): (BTreeSet<String>, BTreeMap<(&str, bool), usize>) = Default::default();
    let (mut found, mut kinds) = (Vec::new(), BTreeMap::<(&str, Vec<String>), usize>::new());
    for _ in 0..5 {
        let mut next = BTreeSet::new();
        for path in std::mem::take(&mut ahead) {
            let Some(route) = route_of(&routes, Verb::Page, &path) else { continue };
            // What a question mark asks for is another page.
            let times = of_route.entry((route, path.contains('?'))).or_default();
            if *times >= 4 || !seen.insert(path.clone()) {
                continue;
            }
            let page = visitor.get(&path).await;
            if page.status != 200 {
                continue;
            }
            *times += 1;
            look(&page);
            next.extend(page.links().into_iter().filter(|link| link.starts_with('/')));
            for form in forms(&page) {
                let names: Vec<String> = form.fields.keys().cloned().collect();
                let times = kinds.entry((form.route, names)).or_default();
                *times += 1;
                if *times <= 2 {
                    found.push(form);
                }
            }
        }
        ahead.extend(next);
    }
    found
}

/// A county with a provider and an address of its own, so that its pages offer both.
pub fn with_everything(village: Village) -> Village {
    village.with_world(|world| {
        world.public_address = Some(Arc::from("https://fuzhi.example.cn"));
        world.provider = Some(Arc::new(Provider {
            name: "统一认证".to_owned(),
            issuer: "https://id.example.cn".to_owned(),
            client_id: "fuzhi".to_owned(),
            client_secret: None,
            second_factor_amr: Vec::new(),
            second_factor_acr: Vec::new(),
        }));
    })
}

/// Whoever has never signed in is asked to enrol first, whoever's password was set anew to choose another.
const NEVER_IN: &str = "t-province";
const SET_ANEW: &str = "t-stranger-township";

/// Everybody with the forms they are shown: nobody, a family at home, each account, people between two steps of signing in.
pub async fn shown_to_everybody(village: &Village, look: fn(&Answer)) -> Vec<Shown> {
    let (first, with_a_token) = happened(village).await;
    let mut shown = Vec::new();
    let mut nobody = village.visitor();
    let door = nobody.get("/signin").await;
    let csrf = door.fields().remove("csrf").unwrap();
    let mut forms_of_nobody = collect(&mut nobody, &[], look).await;
    forms_of_nobody.extend(BY_HAND.map(|form| Form::by_hand(&csrf, form)));
    shown.push(Shown { visitor: nobody, forms: forms_of_nobody });

    let mut family = at_home(village).await;
    let own = family.get("/my/file").await;
    shown.push(Shown { forms: forms(&own), visitor: family });

    let mut pages = pages_of(village).await;
    pages.push(with_a_token);
    for (account, ..) in ACCOUNTS.iter().filter(|(account, ..)| ![NEVER_IN, SET_ANEW].contains(account)) {
        let mut visitor = village.sign_in(account).await;
        let forms = collect(&mut visitor, &pages, look).await;
        shown.push(Shown { visitor, forms });
    }
    // The first has enrolled by now, so that a code is asked for.
    for (account, password) in [("t-county", PASSWORD), (SET_ANEW, &first), (NEVER_IN, PASSWORD)] {
        let mut visitor = village.visitor();
        let door = visitor.get("/signin").await;
        let step = visitor.submit(&door, "/session", &[("account", account), ("password", password)]).await;
        assert!(step.path.starts_with("/signin/step"), "{account}: {}", step.text());
        shown.push(Shown { forms: forms(&step), visitor });
    }
    shown
}

/// Pages to which no list leads soon enough; on the family's a code waits to be used.
async fn pages_of(village: &Village) -> Vec<String> {
    let home = OWN.household();
    village.sign_in("t-village").await.post(&format!("/households/{home}/code"), &[]).await.expect(&[]);
    let mut pages = vec![format!("/households/{home}"), format!("/people/{home}/{}", OWN.head_person())];
    pages.push(format!("/cases/{}", case_before_its_notice(village).await));
    pages
}

async fn case_before_its_notice(village: &Village) -> String {
    let sql = "select id from cases where household = $1 and procedure = 'monitoring' /* unscoped: a test */";
    let household = households::demo::household(1);
    village.read().sql(sql).bind(household).get::<(String,)>().await.unwrap().0
}

/// What has to have happened; gives the password that was set anew, and the page of somebody whose account has a token.
async fn happened(village: &Village) -> (String, String) {
    let mut system = village.sign_in("t-system").await;
    tell_a_receiver_in_vain(village, &mut system).await;
    let (_, with_a_token) = machine(village, "t-village", &["households.read"]).await;
    let people = system.get("/staff").await;
    let row = people.text().split("<tr>").find(|row| row.contains(&format!(">{SET_ANEW}<"))).unwrap().to_owned();
    let person = row.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let first = system.post(&format!("{person}/password"), &[]).await;
    let first = first.text().split("data-first>").nth(1).unwrap().split('<').next().unwrap().to_owned();

    // Another key signs labels, so the earlier one can be withdrawn.
    village.sign_in("t-security").await.post("/labels/keys", &[]).await.expect(&[]);

    let mut clerk = village.sign_in("t-village").await;
    let number = households::demo::files().swap_remove(FOREIGN.0).number;
    let glass = [("number", number.as_str()), ("reason", "洪水，老人被困，要找家属电话")];
    clerk.post("/break-glass", &glass).await.expect(&[FOREIGN.head()]);
    let account = clerk.get("/account").await;
    let lend = forms(&account).into_iter().find(|form| form.route == "/posts/{id}/delegation").unwrap().action;
    let until = village.today().plus_days(5).to_string();
    let lent = [("account", "t-stranger-village"), ("to", until.as_str()), ("reason", "休假")];
    clerk.submit(&account, &lend, &lent).await.expect(&[]);
    hand_in_for_a_notice(village, &mut clerk).await;

    // Somebody has said that two records are one person, so there is something to learn from.
    let route = routes().into_iter().find(|route| route.path == "/pairs/{id}/decision").unwrap();
    let decided = sample(&route).ask(&mut village.sign_in("t-county").await, village, OWN).await;
    decided.expect(&[]);
    (first, with_a_token)
}

async fn tell_a_receiver_in_vain(village: &Village, system: &mut Visitor) {
    let receiver = enter_receiver(system).await;
    system.post(&format!("{receiver}/trial"), &[]).await.expect(&[]);
    let give_up = |mut cx: kernel::Cx| async move {
        let now: Moment = cx.now;
        cx.sql("update webhook_tellings set given_up_at = $1").bind(now).run().await
    };
    assert!(village.write(give_up).await.unwrap() > 0, "a trial is a telling");
}

/// A receiver of webhooks; gives its page.
pub async fn enter_receiver(system: &mut Visitor) -> String {
    let fields = [("name", "县医院"), ("url", "https://93.184.215.14/hook"), ("kind", "case_opened")];
    let added = system.post("/webhooks", &fields).await;
    added.expect(&[]);
    let own = |link: &String| link.strip_prefix("/webhooks/").is_some_and(|id| !id.is_empty());
    added.links().into_iter().find(own).expect("the new receiver has a page")
}

/// The village agrees at last, and a file waits for the notice.
async fn hand_in_for_a_notice(village: &Village, clerk: &mut Visitor) {
    let case = format!("/cases/{}", case_before_its_notice(village).await);
    let page = clerk.get(&case).await;
    let fields = [
        ("verb", "record"),
        ("step", "village_review"),
        ("f.held_on", "2026-09-29"),
        ("f.present", "17"),
        ("f.for", "15"),
        ("f.against", "1"),
        ("f.abstained", "1"),
        ("f.signatures", "17"),
        ("f.kin_left", "yes"),
        ("f.minutes", "大家同意"),
        ("outcome", "agree"),
    ];
    clerk.submit(&page, &format!("{case}/entries"), &fields).await.expect(&["enctype=\"multipart/form-data\""]);
    let to = format!("{case}/attachments");
    let handed_in = clerk.upload(&to, &[("looked", "看过，没有人名")], ("attachment", b"a,b")).await;
    handed_in.expect(&["/withdrawal"]);
}
