use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers that can't change any more, such as what a run counted: reckoned once by a process, not once a page.
///
/// Kept by type and a name of what they answer; whoever puts one in names everything it hangs on, the reader's scope
/// included.
#[derive(Clone, Default)]
pub struct Remembered(Arc<Mutex<Answers>>);

type Answers = HashMap<(TypeId, String), Arc<dyn Any + Send + Sync>>;

/// Beyond this everything is forgotten and reckoned anew: a few scopes of a run or two, not a store of its own.
const MOST: usize = 256;

impl Remembered {
    /// The answer of this type and name, where it was put in before.
    #[must_use]
    pub fn find<T: Send + Sync + 'static>(&self, name: &str) -> Option<Arc<T>> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(&(TypeId::of::<T>(), name.to_owned())).cloned()?.downcast().ok()
    }

    /// Puts an answer in.
    pub fn put<T: Send + Sync + 'static>(&self, name: String, answer: T) -> Arc<T> {
        let answer = Arc::new(answer);
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.clear();
        }
        let kept: Arc<dyn Any + Send + Sync> = answer.clone();
        answers.insert((TypeId::of::<T>(), name), kept);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_by_its_name_and_type_and_there_are_never_too_many() {
        let remembered = Remembered::default();
        remembered.put("a".to_owned(), 1_i64);
        remembered.put("a".to_owned(), "one".to_owned());
        assert_eq!(remembered.find::<i64>("a").as_deref(), Some(&1));
        assert_eq!(remembered.find::<String>("a").as_deref().map(String::as_str), Some("one"));
        assert_eq!(remembered.find::<i64>("b"), None);
        for n in 0..2 * MOST {
            remembered.put(n.to_string(), n as i64);
        }
        assert_eq!(remembered.find::<i64>(&(2 * MOST - 1).to_string()).as_deref(), Some(&(2 * MOST as i64 - 1)));
        assert!(remembered.0.lock().unwrap().len() <= MOST);
    }
}
