//! Files in an S3-compatible store, for machines that share no folder.

use anyhow::{Context, Result, bail};
use fuzhi::cluster::Task;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::collections::BTreeSet;
use std::path::Path;

/// A job's place in a store. Who it is to the store, and where that is, the environment says (`AWS_ACCESS_KEY_ID`,
/// `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`, `AWS_REGION`, `AWS_ALLOW_HTTP`), on each machine: none of it is ever sent.
pub struct Objects {
    store: Box<dyn ObjectStore>,
    prefix: Key,
}

impl Objects {
    /// # Errors
    /// When the address is none, or the environment lacks what the store asks for.
    pub fn open(address: &str) -> Result<Self> {
        let Some((bucket, prefix)) = address.strip_prefix("s3://").and_then(|rest| rest.split_once('/')) else {
            bail!("{address} is no place for objects: write s3://BUCKET/PREFIX");
        };
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build();
        let store = store.with_context(|| format!("{address} can't be opened"))?;
        Ok(Self { store: Box::new(store), prefix: Key::from(prefix) })
    }

    fn key(&self, name: &str) -> Key {
        name.split('/').fold(self.prefix.clone(), |key, part| key.join(part))
    }

    pub async fn has(&self, name: &str) -> Result<bool> {
        match self.store.head(&self.key(name)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error).with_context(|| format!("{name} can't be looked for")),
        }
    }

    /// Sends files of a folder; those that are there already stay.
    pub async fn send(&self, folder: &Path, names: impl Iterator<Item = &String>) -> Result<()> {
        for name in names.collect::<BTreeSet<_>>() {
            let path = folder.join(name);
            if path.is_file() && !self.has(name).await? {
                self.put(name, std::fs::read(&path).with_context(|| path.display().to_string())?).await?;
            }
        }
        Ok(())
    }

    /// Fetches files into a folder.
    pub async fn fetch(&self, folder: &Path, names: impl Iterator<Item = &String>) -> Result<()> {
        for name in names.collect::<BTreeSet<_>>() {
            let path = folder.join(name);
            if path.is_file() {
                continue;
            }
            let found = match self.store.get(&self.key(name)).await {
                // What was never handed in is told by whoever looks for it.
                Err(object_store::Error::NotFound { .. }) => continue,
                found => found.with_context(|| format!("{name} can't be fetched"))?,
            };
            let bytes = found.bytes().await.with_context(|| format!("{name} can't be fetched"))?;
            fuzhi::cluster::keep(&path, &bytes)?;
        }
        Ok(())
    }

    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let sent = self.store.put(&self.key(name), PutPayload::from(bytes)).await;
        sent.map(drop).with_context(|| format!("{name} can't be sent"))
    }

    /// Removes a file; one that isn't there is no matter.
    pub async fn remove(&self, name: &str) -> Result<()> {
        match self.store.delete(&self.key(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error).with_context(|| format!("{name} can't be removed")),
        }
    }

    /// Does a task whose files are here: on a copy of them that only its owner may read.
    pub fn run(&self, task: &Task) -> Result<u64> {
        // Plans run inside a runtime, which can't be waited on from within.
        std::thread::scope(|scope| {
            let done = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                let scratch = tempfile::Builder::new().prefix("fuzhi-task-").tempdir()?;
                runtime.block_on(self.fetch(scratch.path(), task.inputs.iter()))?;
                let written = task.run(scratch.path())?;
                let bytes = std::fs::read(scratch.path().join(&task.output))?;
                runtime.block_on(self.put(&task.output, bytes))?;
                Ok(written)
            });
            done.join().unwrap_or_else(|_| bail!("the task broke down"))
        })
    }
}
