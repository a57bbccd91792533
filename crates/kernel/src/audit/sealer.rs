//! One task enters what all requests have to tell, so that a page waits for one write at most.

use super::{Note, seal_also};
use crate::{Db, Error, Result, World};
use tokio::sync::{mpsc, oneshot};

/// The task that enters notes: whoever comes while it writes is entered together with the next batch.
pub struct Sealer(mpsc::UnboundedSender<Batch>);

struct Batch {
    notes: Vec<Note>,
    done: Option<oneshot::Sender<bool>>,
}

impl Sealer {
    /// Starts with whatever still waits from before.
    pub(crate) fn start(db: Db, world: World) -> Self {
        let (sender, mut waiting) = mpsc::unbounded_channel::<Batch>();
        tokio::spawn(async move {
            let (mut batches, mut waits, mut last) = (Vec::new(), true, None);
            while waiting.recv_many(&mut batches, 256).await > 0 {
                // A batch without notes says that something waits.
                waits |= batches.iter().any(|batch: &Batch| batch.notes.is_empty());
                let notes: Vec<Note> = batches.iter().flat_map(|batch| batch.notes.iter().cloned()).collect();
                let sealed = seal_also(&db, &world, &notes, waits, &mut last).await;
                waits &= sealed.is_err();
                if let Err(error) = &sealed {
                    tracing::error!(%error, notes = notes.len(), "the audit trail can't be written");
                }
                for done in batches.drain(..).filter_map(|batch| batch.done) {
                    // The asker may have gone; what was read is entered all the same.
                    let _ = done.send(sealed.is_ok());
                }
            }
        });
        let sealer = Self(sender);
        sealer.poke();
        sealer
    }

    /// Something waits: it will be entered soon.
    pub(crate) fn poke(&self) {
        let _ = self.0.send(Batch { notes: Vec::new(), done: None });
    }

    /// Comes back when the notes are entered.
    pub(crate) async fn record(&self, notes: Vec<Note>) -> Result<()> {
        let (done, entered) = oneshot::channel();
        let _ = self.0.send(Batch { notes, done: Some(done) });
        match entered.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Error::internal("the audit trail can't be written")),
        }
    }
}
