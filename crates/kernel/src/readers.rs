//! Connections for reading, kept at hand.
//!
//! The driver's pool asks every connection that comes back whether it still lives, in a task of its own: a second
//! statement behind every statement. A connection whose statement ended well needs no asking before the next.

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Database, Error, Pool, Result};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// How long somebody waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// A connection that rested longer is asked whether it still lives.
const RESTED: Duration = Duration::from_secs(1);

pub struct Readers<DB: Database>(Arc<Kept<DB>>);

struct Kept<DB: Database> {
    pool: Pool<DB>,
    /// The one used last is used next: what it has prepared and read is still warm.
    idle: Mutex<Vec<(PoolConnection<DB>, Instant)>>,
    turns: Arc<Semaphore>,
}

/// A connection for one statement.
pub struct Lent<DB: Database> {
    connection: Option<PoolConnection<DB>>,
    /// Whether its statement came to an end; one that was given up goes through the pool, which looks after it.
    sound: bool,
    home: Readers<DB>,
    _turn: OwnedSemaphorePermit,
}

impl<DB: Database> Readers<DB> {
    /// At most so many at once; the pool has more for those who take one for longer.
    pub fn new(pool: Pool<DB>, at_once: usize) -> Self {
        Self(Arc::new(Kept { pool, idle: Mutex::default(), turns: Arc::new(Semaphore::new(at_once)) }))
    }

    pub fn pool(&self) -> &Pool<DB> {
        &self.0.pool
    }

    pub async fn lend(&self) -> Result<Lent<DB>> {
        let turn = timeout(PATIENCE, Arc::clone(&self.0.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| Error::PoolTimedOut)?.map_err(|_| Error::PoolClosed)?;
        let connection = loop {
            match self.pop() {
                Some((mut connection, since)) if since.elapsed() >= RESTED => {
                    if connection.ping().await.is_ok() {
                        break connection;
                    }
                }
                Some((connection, _)) => break connection,
                None => break self.0.pool.acquire().await?,
            }
        };
        Ok(Lent { connection: Some(connection), sound: false, home: self.clone(), _turn: turn })
    }

    /// Gives everything back to the pool and closes it.
    pub async fn close(&self) {
        self.0.turns.close();
        while self.pop().is_some() {}
        self.0.pool.close().await;
    }

    fn pop(&self) -> Option<(PoolConnection<DB>, Instant)> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

impl<DB: Database> Lent<DB> {
    pub fn connection(&mut self) -> Result<&mut DB::Connection> {
        self.connection.as_deref_mut().ok_or(Error::PoolClosed)
    }

    /// What came of its statement; after an error of the connection itself it isn't lent again.
    pub fn keep<T>(mut self, done: Result<T>) -> Result<T> {
        self.sound = matches!(done, Ok(_) | Err(Error::Database(_) | Error::ColumnDecode { .. }));
        done
    }
}

impl<DB: Database> Drop for Lent<DB> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.sound && !self.home.0.turns.is_closed() {
            let mut idle = self.home.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push((connection, Instant::now()));
        }
    }
}

impl<DB: Database> Clone for Readers<DB> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<DB: Database> fmt::Debug for Readers<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Readers")
    }
}
