use quick_cache::Weighter;
use quick_cache::unsync::Cache;
use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Answers that can't change any more, such as what a run counted: reckoned once by a process, not once a page.
///
/// Kept by type and a name of what they answer; whoever puts one in names everything it hangs on, the reader's scope
/// included. Those asked for least go when there are too many.
#[derive(Clone)]
pub struct Remembered(Arc<Mutex<Answers>>);

type Answers = Cache<(TypeId, String), Kept, Weighed>;

struct Kept {
    bytes: usize,
    answer: Arc<dyn Any + Send + Sync>,
}

#[derive(Clone)]
struct Weighed;

impl Weighter<(TypeId, String), Kept> for Weighed {
    fn weight(&self, (_, name): &(TypeId, String), kept: &Kept) -> u64 {
        (kept.bytes + name.len()) as u64
    }
}

/// How much is remembered at most: a county's every place has its counts and a few indicators.
const BYTES: u64 = 64 << 20;
/// How many answers there may well be.
const ANSWERS: usize = 8 << 10;

impl Default for Remembered {
    fn default() -> Self {
        Self::of(BYTES)
    }
}

impl Remembered {
    fn of(bytes: u64) -> Self {
        Self(Arc::new(Mutex::new(Cache::with_weighter(ANSWERS, bytes, Weighed))))
    }

    /// The answer of this type and name, where it was put in before.
    #[must_use]
    pub fn find<T: Send + Sync + 'static>(&self, name: &str) -> Option<Arc<T>> {
        let kept = self.lock().get(&(TypeId::of::<T>(), name.to_owned()))?.answer.clone();
        kept.downcast().ok()
    }

    /// Puts an answer in that takes about so many bytes.
    pub fn put<T: Send + Sync + 'static>(&self, name: String, bytes: usize, answer: T) -> Arc<T> {
        let answer = Arc::new(answer);
        self.lock().insert((TypeId::of::<T>(), name), Kept { bytes, answer: answer.clone() });
        answer
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_by_its_name_and_type() {
        let remembered = Remembered::default();
        remembered.put("a".to_owned(), 100, 1_i64);
        remembered.put("a".to_owned(), 100, "one".to_owned());
        assert_eq!(remembered.find::<i64>("a").as_deref(), Some(&1));
        assert_eq!(remembered.find::<String>("a").as_deref().map(String::as_str), Some("one"));
        assert_eq!(remembered.find::<i64>("b"), None);
    }

    #[test]
    fn answers_go_one_by_one_when_there_are_too_many_and_those_asked_for_stay() {
        let remembered = Remembered::of(10_000);
        remembered.put("asked".to_owned(), 100, -1_i64);
        for n in 0..1_000_i64 {
            remembered.put(n.to_string(), 100, n);
            assert_eq!(remembered.find::<i64>("asked").as_deref(), Some(&-1), "after {n}");
        }
        let kept = (0..1_000_i64).filter(|n| remembered.find::<i64>(&n.to_string()).is_some()).count();
        assert!((50..=100).contains(&kept), "{kept} are kept");
    }
}
