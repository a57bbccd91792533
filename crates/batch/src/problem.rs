use serde::{Deserialize, Serialize};
use std::fmt;

/// A sentence in both languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub zh: String,
    pub en: String,
}

/// What is wrong with a file or a database, said so that its owner can put it right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The name people know the file by, such as `medical_insurance/自付超线.csv`.
    pub file: String,
    /// The data row, from 1.
    pub row: Option<u64>,
    pub column: Option<String>,
    pub value: Option<String>,
    pub reason: Wording,
    pub remedy: Wording,
}

pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl Wording {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

impl Problem {
    #[must_use]
    pub fn new(file: &str, reason: Wording, remedy: Wording) -> Self {
        Self { file: file.to_owned(), row: None, column: None, value: None, reason, remedy }
    }

    #[must_use]
    pub fn in_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    #[must_use]
    pub fn in_column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }

    /// What the operating system said of a file that could not be read.
    #[must_use]
    pub fn unreadable(file: &str, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::NotFound => Self::new(
                file,
                Wording::new("找不到这个文件", "there is no such file"),
                Wording::new(
                    "请核对 datapackage.json 中的 path，或补上该文件",
                    "check `path` in datapackage.json, or add the file",
                ),
            ),
            ErrorKind::IsADirectory => Self::directory(file),
            ErrorKind::PermissionDenied => Self::new(
                file,
                Wording::new("没有读取权限", "it may not be read"),
                Wording::new("请让文件所有者授予读取权限", "ask its owner for permission to read it"),
            ),
            _ => Self::new(
                file,
                Wording::new(format!("读取失败：{error}"), format!("reading failed: {error}")),
                Wording::new("请检查磁盘后重试", "check the disk and try again"),
            ),
        }
    }

    #[must_use]
    pub fn directory(file: &str) -> Self {
        Self::new(
            file,
            Wording::new("这是一个文件夹，不是文件", "this is a directory, not a file"),
            Wording::new("path 应指向其中的一个文件", "let `path` name a file inside it"),
        )
    }

    #[must_use]
    pub fn empty(file: &str) -> Self {
        Self::new(
            file,
            Wording::new("文件是空的，连表头也没有", "the file is empty: it has not even a header"),
            Wording::new(
                "请重新导出；若确无数据，请保留表头一行",
                "export it again; without data, keep the header line",
            ),
        )
    }

    /// What the operating system said of a file that could not be written.
    #[must_use]
    pub fn unwritable(file: &str, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
            return Self::new(
                file,
                Wording::new("磁盘已满，未写完的文件不会留下", "the disk is full; nothing half-written is left behind"),
                Wording::new(
                    "请腾出空间或换一个 --out 后重试",
                    "free some space, or choose another --out, and run again",
                ),
            );
        }
        Self::new(
            file,
            Wording::new(format!("写入失败：{error}"), format!("writing failed: {error}")),
            Wording::new("请检查目录权限与磁盘后重试", "check the folder's permissions and the disk, then run again"),
        )
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {} — {}", self.reason, self.remedy)
    }
}

impl std::error::Error for Problem {}
