//! The machine interface: what its document says is what it does, in the scope of its token, whatever is thrown at it.

use crate::village::{SETUP, full};
use serde_json::{Value, json};
use testkit::{Answer, Engine, Village, Visitor};

fn document() -> Value {
    serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap()
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{} isn't JSON: {}", answer.path, answer.text()))
}

/// A machine of the township's, with a token for everything, issued as people do it.
pub async fn machine(village: &Village, account: &str, scopes: &[&str]) -> (Visitor, String) {
    let mut system = village.sign_in("t-system").await;
    let people = system.get("/staff").await;
    let row = people.text().split("<tr>").find(|row| row.contains(&format!(">{account}<"))).unwrap().to_owned();
    let id = row.split("href=\"/staff/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = system.get(&format!("/staff/{id}")).await;
    let csrf = page.fields().remove("csrf").unwrap();
    let mut fields = vec![("csrf", csrf.as_str()), ("name", "医保系统"), ("days", "30")];
    fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
    let issued = system.post_raw(&format!("/staff/{id}/tokens"), &fields).await;
    issued.expect(&["医保系统"].map(|_| "data-token>"));
    let secret = issued.text().split("data-token>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut machine = village.visitor();
    machine.headers.push(("authorization", format!("Bearer {secret}")));
    (machine, format!("/staff/{id}"))
}

const ALL: [&str; 4] = ["households.read", "cases.read", "cases.work", "clues.raise"];

#[tokio::test]
async fn a_machine_reads_its_families_and_raises_a_clue_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = full(engine).await;
        let (mut machine, _) = machine(&village, "t-village", &ALL).await;
        let (own, foreign) = (households::demo::household(0), households::demo::household(8));

        // The list, two at a time, without its neighbours' families.
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let part = body(&machine.get(&format!("/api/households?limit=2&after={after}")).await);
            conforms(&part, "Households");
            seen.extend(part["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            let Some(next) = part["next"].as_str() else { break };
            after = next.to_owned();
        }
        let whole = body(&machine.get("/api/households?limit=200").await);
        assert_eq!(seen.len(), whole["items"].as_array().unwrap().len());
        assert!(seen.contains(&own) && !seen.contains(&foreign));

        let family = body(&machine.get(&format!("/api/households/{own}")).await);
        conforms(&family, "Household");
        let number = family["members"][0]["id_number"].as_str().unwrap();
        assert!(number.contains('*'), "{number} is in clear");
        let facts = body(&machine.get(&format!("/api/households/{own}/facts")).await);
        conforms(&facts, "Facts");
        assert!(!facts["items"].as_array().unwrap().is_empty());
        assert_eq!(machine.get(&format!("/api/households/{foreign}")).await.status, 404);
        let cases = body(&machine.get("/api/cases").await);
        conforms(&cases, "Cases");
        let case = cases["items"][0]["id"].as_str().unwrap().to_owned();
        conforms(&body(&machine.get(&format!("/api/cases/{case}")).await), "Case");

        // Sent twice, raised once; with other words under the same key, refused.
        let clue = |words: &str| json!({"household": own, "source": "department", "words": words}).to_string();
        machine.headers.push(("idempotency-key", "hospital-17".to_owned()));
        let first = machine.post_json("/api/clues", &clue("住院 40 天")).await;
        assert_eq!(first.status, 201, "{}", first.text());
        conforms(&body(&first), "Raised");
        let again = machine.post_json("/api/clues", &clue("住院 40 天")).await;
        assert_eq!((again.status, body(&again)), (201, body(&first)));
        assert_eq!(machine.post_json("/api/clues", &clue("又住院")).await.status, 422);
        let waiting = body(&machine.get("/api/clues").await);
        conforms(&waiting, "Clues");
        let same = waiting["items"].as_array().unwrap().iter().filter(|one| one["id"] == body(&first)["id"]).count();
        assert_eq!(same, 1);
    }
}

#[tokio::test]
async fn a_token_opens_what_it_is_for_until_it_is_ended_and_no_page() {
    let village = full(Engine::Sqlite).await;
    let (mut machine, account) = machine(&village, "t-township", &["households.read"]).await;
    assert_eq!(machine.get("/api/households").await.status, 200);
    let cases = machine.get("/api/cases").await;
    assert_eq!(cases.status, 403, "its account may, and it isn't for that");
    conforms(&body(&cases), "Problem");
    assert!(machine.get("/households").await.path.starts_with("/signin"), "a token opens no page");

    let raw = std::fs::read(village.folder().join("fuzhi.db")).unwrap();
    let secret = machine.headers[0].1.trim_start_matches("Bearer ").as_bytes().to_vec();
    assert!(!raw.windows(secret.len()).any(|window| window == secret), "the store holds its digest only");

    let mut anna = village.sign_in("t-security").await;
    let page = anna.get(&account).await;
    page.expect(&["医保系统", "households.read"]);
    let form = page.text().split("action=\"/tokens/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    anna.submit(&page, &format!("/tokens/{form}"), &[]).await;
    let ended = machine.get("/api/households").await;
    assert_eq!(ended.status, 401);
    conforms(&body(&ended), "Problem");
    let mut forged = village.visitor();
    forged.headers.push(("authorization", format!("Bearer {}", "0".repeat(64))));
    assert_eq!(forged.get("/api/households").await.status, 401);
    let mut old = self::machine(&village, "t-township", &["households.read"]).await.0;
    village.days_later(31);
    assert_eq!(old.get("/api/households").await.status, 401, "it lives for thirty days");
}

#[test]
fn the_document_and_the_routes_name_the_same() {
    let document = document();
    let mut written = Vec::new();
    for (path, verbs) in document["paths"].as_object().unwrap() {
        written.extend(verbs.as_object().unwrap().keys().map(|verb| format!("{verb} {path}")));
    }
    let mut routed = Vec::new();
    for route in platform::domains().iter().flat_map(|domain| domain.routes.list().to_vec()) {
        match route.verb {
            kernel::Verb::Read => routed.push(format!("get {}", route.path)),
            kernel::Verb::Command => routed.push(format!("post {}", route.path)),
            _ => {}
        }
    }
    written.sort();
    routed.sort();
    assert_eq!(written, routed);
}

/// Numbers that look random and are the same every time (Knuth's multiplier).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    /// What nobody should send, and what somebody will.
    fn text(&mut self) -> String {
        const TEXTS: [&str; 14] = [
            "",
            " ",
            "'; drop table accounts; --",
            "%00",
            "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "<script>alert(1)</script>",
            "-1",
            "99999999999999999999999",
            "539901001001000.",
            "..",
            "{id}",
            "%F0%9F%8C%BE%E2%80%AE",
            "%ff%fe",
            "null",
        ];
        match self.below(4) {
            0 => "9".repeat(self.below(3_000)),
            1 => households::demo::household(self.below(households::demo::COUNT)),
            _ => TEXTS[self.below(TEXTS.len())].to_owned(),
        }
    }

    /// Something of a schema, or nearly.
    fn value(&mut self, document: &Value, schema: &Value) -> Value {
        let schema = resolved(document, schema);
        if self.below(6) == 0 {
            let others =
                [json!(null), json!(-7), json!([[]]), json!({"a": {"b": 1.5}}), json!(true), json!("\u{0}\u{feff}")];
            return others[self.below(others.len())].clone();
        }
        match schema["type"].as_str() {
            Some("object") => {
                let mut made = serde_json::Map::new();
                for (name, of) in schema["properties"].as_object().unwrap() {
                    if self.below(8) > 0 {
                        made.insert(name.clone(), self.value(document, of));
                    }
                }
                Value::Object(made)
            }
            Some("integer") => json!(self.below(1_000_000) as i64 - 500_000),
            _ => match schema["enum"].as_array() {
                Some(known) if self.below(3) > 0 => known[self.below(known.len())].clone(),
                _ => json!(self.text()),
            },
        }
    }
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(path) => document.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// A thousand requests made from the document: each is answered by what the document promises, and none by a fault.
#[tokio::test]
async fn nothing_thrown_at_it_makes_it_fail() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = full(engine).await;
        let (machine, _) = machine(&village, "t-township", &ALL).await;
        let (document, mut dice) = (document(), Dice(7));
        for (path, verbs) in document["paths"].as_object().unwrap() {
            for (verb, operation) in verbs.as_object().unwrap() {
                for _ in 0..if engine == Engine::Sqlite { 150 } else { 50 } {
                    throw(&document, &mut dice, &machine, (path, verb), operation).await;
                }
            }
        }
    }
}

async fn throw(document: &Value, dice: &mut Dice, machine: &Visitor, (path, verb): (&str, &str), operation: &Value) {
    let mut machine = machine.clone();
    let mut asked = path.replace("{id}", &dice.text().replace([' ', '<', '>', '\'', '{', '}'], "_"));
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().unwrap() {
        let parameter = resolved(document, parameter);
        let name = parameter["name"].as_str().unwrap();
        match parameter["in"].as_str().unwrap() {
            "query" if dice.below(3) > 0 => {
                query.push(format!("{name}={}", dice.text().replace([' ', '<', '>', '\'', '{', '}'], "_")));
            }
            "header" if dice.below(8) > 0 => machine.headers.push(("idempotency-key", format!("k{}", dice.below(50)))),
            _ => {}
        }
    }
    if !query.is_empty() {
        asked = format!("{asked}?{}", query.join("&"));
    }
    let answer = if verb == "post" {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let mut sent = dice.value(document, schema).to_string();
        if dice.below(10) == 0 {
            sent.truncate(
                sent.len() / 2 - (0..4).find(|back| sent.is_char_boundary(sent.len() / 2 - back)).unwrap_or(0),
            );
        }
        machine.post_json(&asked, &sent).await
    } else {
        machine.get(&asked).await
    };
    assert!(answer.status < 500, "{verb} {asked}: {} {}", answer.status, answer.text());
    let responses = &operation["responses"];
    let promised = responses.get(answer.status.to_string());
    match promised {
        Some(response) => {
            let schema = &response["content"]["application/json"]["schema"];
            holds(document, schema, &body(&answer), &asked);
        }
        None => {
            let kind = answer.headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
            assert_eq!(kind, "application/problem+json", "{verb} {asked}: {}", answer.status);
            conforms(&body(&answer), "Problem");
        }
    }
}

fn conforms(value: &Value, name: &str) {
    let document = document();
    holds(&document, &document["components"]["schemas"][name], value, name);
}

/// As much of JSON Schema as the document uses: type, required, properties, items, enum.
fn holds(document: &Value, schema: &Value, value: &Value, at: &str) {
    let schema = resolved(document, schema);
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        one => vec![one.clone()],
    };
    assert!(kinds.iter().any(|one| one == kind), "{at} is {kind}: {value}");
    if let Some(known) = schema["enum"].as_array() {
        assert!(known.contains(value), "{at}: {value}");
    }
    if let Value::Array(items) = value {
        items.iter().for_each(|item| holds(document, &schema["items"], item, &format!("{at}[]")));
    }
    if let Value::Object(fields) = value {
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(fields.contains_key(name.as_str().unwrap()), "{at} lacks {name}");
        }
        for (name, field) in fields {
            let known = schema["properties"].get(name);
            let known = known.unwrap_or_else(|| panic!("{at}.{name} isn't in the document"));
            holds(document, known, field, &format!("{at}.{name}"));
        }
    }
}

#[tokio::test]
async fn who_does_it_too_often_waits() {
    let village = Village::raise(Engine::Sqlite, SETUP).await;
    let (periods, _) = platform::LIMITS.split_once("[rate.").unwrap();
    let rates = "[rate.sign_in]\ntimes = 3\nseconds = 60\n[rate.search]\ntimes = 2\nseconds = 60\n";
    let village = village.with_limits(platform::limits(&format!("{periods}{rates}")).unwrap());
    let mut wang = village.sign_in("t-village").await;
    for _ in 0..2 {
        assert_eq!(wang.get("/households?q=zhou").await.status, 200);
    }
    let refused = wang.get("/households?q=zhou").await;
    assert_eq!(refused.status, 429);
    assert!(refused.shows("30 秒"), "{}", refused.text());
    assert_eq!(refused.headers["retry-after"], "30");
    assert_eq!(wang.get("/households").await.status, 200, "what isn't limited goes on");
    let mut guesser = village.visitor();
    for expected in [422, 422, 429] {
        let page = guesser.get("/signin").await;
        let answer = guesser.submit(&page, "/session", &[("account", "someone"), ("password", "guess")]).await;
        assert_eq!(answer.status, expected);
    }
    village.minutes_later(1);
    assert_eq!(wang.get("/households?q=zhou").await.status, 200);
}

/// The document and the program know the same kinds of events, and somebody can ask for each that is ever told.
#[test]
fn every_kind_of_event_can_be_asked_for() {
    let document = document();
    let written = document["components"]["schemas"]["Event"]["properties"]["type"]["enum"].as_array().unwrap();
    let written: Vec<&str> = written.iter().map(|kind| kind.as_str().unwrap()).collect();
    assert_eq!(written, [webhooks::KINDS, &["trial"]].concat());
    let mut told = Vec::new();
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for domain in platform::domains() {
        let mut folders = vec![crates.join(domain.name).join("src")];
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("tests.rs") {
                    let text = std::fs::read_to_string(&path).unwrap_or_default();
                    let kinds = text.split("const KIND: &'static str = \"").skip(1);
                    told.extend(kinds.map(|rest| rest.split('"').next().unwrap().to_owned()));
                }
            }
        }
    }
    told.sort_unstable();
    let mut known = webhooks::KINDS.to_vec();
    known.sort_unstable();
    assert_eq!(told, known);
}
