//! One task writes what all requests that read leave behind, so that a page waits for one write at most.

use super::{Left, Note, seal_also};
use crate::{Db, Error, Result, World};
use tokio::sync::{mpsc, oneshot};

/// The task that enters notes, and with them what came in use: whoever comes while it writes is entered together with
/// the next batch.
pub struct Sealer(mpsc::UnboundedSender<Batch>);

/// By what somebody came in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pass {
    /// A session, by the hash of its token.
    Session(String),
    /// A machine's token, by its id.
    Token(String),
}

#[derive(Default)]
struct Batch {
    notes: Vec<Note>,
    used: Option<Pass>,
    /// Something waits in the database.
    waits: bool,
    done: Option<oneshot::Sender<bool>>,
}

impl Sealer {
    /// Starts with whatever still waits from before.
    pub(crate) fn start(db: Db, world: World) -> Self {
        let (sender, mut waiting) = mpsc::unbounded_channel::<Batch>();
        tokio::spawn(async move {
            let (mut batches, mut left, mut last) = (Vec::<Batch>::new(), Left::default(), None);
            while waiting.recv_many(&mut batches, 256).await > 0 {
                left.waits |= batches.iter().any(|batch| batch.waits);
                left.notes = batches.iter_mut().flat_map(|batch| batch.notes.drain(..)).collect();
                left.used = batches.iter_mut().filter_map(|batch| batch.used.take()).collect();
                let sealed = seal_also(&db, &world, &left, &mut last).await;
                left.waits &= sealed.is_err();
                if let Err(error) = &sealed {
                    tracing::error!(%error, notes = left.notes.len(), "the audit trail can't be written");
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
        let _ = self.0.send(Batch { waits: true, ..Batch::default() });
    }

    /// Somebody came in by this. Nobody waits for it to be written: a program that ends before takes it for unused a
    /// little longer.
    pub(crate) fn used(&self, pass: Pass) {
        let _ = self.0.send(Batch { used: Some(pass), ..Batch::default() });
    }

    /// Comes back when the notes are entered.
    pub(crate) async fn record(&self, notes: Vec<Note>) -> Result<()> {
        let (done, entered) = oneshot::channel();
        let _ = self.0.send(Batch { notes, done: Some(done), ..Batch::default() });
        match entered.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Error::internal("the audit trail can't be written")),
        }
    }
}
