use crate::Wording;
use values::columns::Texts;

/// Rows of a file as named text columns: the cells of the wanted columns, nothing interpreted.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Which part of the source it is, from 0.
    pub block: usize,
    /// How many data rows the part of the file holds, those dropped included.
    pub rows: u32,
    /// The number of each kept row within that part, from 1.
    pub numbers: Vec<u32>,
    /// One for each wanted column, one entry for each kept row.
    pub columns: Vec<Texts>,
    pub faults: Vec<Fault>,
}

/// Something wrong with one row, found while cutting it into cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Within the part of the file, from 1.
    pub row: u32,
    /// Into the wanted columns; `None` where the row itself is at fault.
    pub column: Option<usize>,
    pub kind: FaultKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Fewer cells than columns: those left out count as missing.
    Short { cells: usize, columns: usize },
    /// More cells than columns, so that no cell is surely under its header: the row is dropped.
    Long { cells: usize, columns: usize },
    /// A quote opened on this line of the file is never closed: the line is dropped.
    OpenQuote { line: u64 },
    /// The cell is longer than [`CELL_LIMIT`]; it counts as missing.
    TooLong { bytes: usize },
    /// Bytes that the declared encoding doesn't have; the cell counts as missing.
    Encoding { byte: u64 },
    /// A line that is no JSON object: dropped.
    NotAnObject { line: u64 },
    /// A picture, a list or the like where a text was expected; the cell counts as missing.
    NotText,
    /// A formula's error, such as `#REF!`; the cell counts as missing.
    Formula,
}

/// No field of any record is longer than this many bytes.
pub const CELL_LIMIT: usize = 1 << 20;

impl FaultKind {
    /// Whether the row was left out of the chunk.
    #[must_use]
    pub const fn drops_row(&self) -> bool {
        matches!(self, Self::Long { .. } | Self::OpenQuote { .. } | Self::NotAnObject { .. })
    }

    #[must_use]
    pub fn reason(&self) -> Wording {
        match self {
            Self::Short { cells, columns } => Wording::new(
                format!("这一行只有 {cells} 个单元格，表头有 {columns} 列"),
                format!("the row has {cells} cells where the header has {columns}"),
            ),
            Self::Long { cells, columns } => Wording::new(
                format!("这一行有 {cells} 个单元格，表头只有 {columns} 列，无法确定各值属于哪一列"),
                format!("the row has {cells} cells where the header has {columns}: no telling which is whose"),
            ),
            Self::OpenQuote { line } => Wording::new(
                format!("第 {line} 行开始的引号没有正确闭合"),
                format!("a quote opened on line {line} is not closed as it should be"),
            ),
            Self::TooLong { bytes } => Wording::new(
                format!("单元格长 {bytes} 字节，超过 1 MB 上限"),
                format!("the cell is {bytes} bytes long; the limit is 1 MB"),
            ),
            Self::Encoding { byte } => Wording::new(
                format!("文件第 {byte} 字节处不符合所声明的编码"),
                format!("byte {byte} of the file is not in the declared encoding"),
            ),
            Self::NotAnObject { line } => {
                Wording::new(format!("第 {line} 行不是一个 JSON 对象"), format!("line {line} is no JSON object"))
            }
            Self::NotText => Wording::new("单元格里不是文字或数字", "the cell holds neither text nor a number"),
            Self::Formula => Wording::new("公式计算出错", "the formula gave an error"),
        }
    }

    #[must_use]
    pub fn remedy(&self) -> Wording {
        match self {
            Self::Short { .. } | Self::Long { .. } => Wording::new(
                "含分隔符的值请用引号括起，再重新导出",
                "put values that contain the delimiter in quotes and export again",
            ),
            Self::OpenQuote { .. } => {
                Wording::new("请补上引号，或将值中的引号写成两个", "close the quote, or double a quote inside a value")
            }
            Self::TooLong { .. } => Wording::new("请检查是否缺少引号或分隔符", "look for a missing quote or delimiter"),
            Self::Encoding { .. } => Wording::new(
                "请在 datapackage.json 写明真实编码（utf-8 或 gb18030），或重新导出",
                "state the true encoding (utf-8 or gb18030) in datapackage.json, or export again",
            ),
            Self::NotAnObject { .. } => {
                Wording::new("每行应为一个完整的 JSON 对象", "write one whole JSON object a line")
            }
            Self::NotText | Self::Formula => {
                Wording::new("请改为普通文字或数字", "replace it by a plain text or number")
            }
        }
    }
}
