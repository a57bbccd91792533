//! The function that plans call: it does a task.

use crate::objects::Objects;
use datafusion::arrow::array::{Array, ArrayRef, Int64Array, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::as_string_array;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use fuzhi::cluster::Task;
use std::path::Path;
use std::sync::Arc;

/// `fuzhi_task(folder, objects, task)`: does the task, given as JSON, and answers how many bytes it wrote.
pub const NAME: &str = "fuzhi_task";

/// Volatile, so that no planner does a task while it is planning.
pub fn function() -> Arc<ScalarUDF> {
    let texts = vec![DataType::Utf8; 3];
    Arc::new(create_udf(NAME, texts, DataType::Int64, Volatility::Volatile, Arc::new(run_all)))
}

fn run_all(arguments: &[ColumnarValue]) -> Result<ColumnarValue> {
    let columns = ColumnarValue::values_to_arrays(arguments)?;
    let [folders, objects, tasks] = &columns[..] else {
        return Err(DataFusionError::Internal(format!("{NAME} takes three texts")));
    };
    let (folders, objects, tasks) = (as_string_array(folders)?, as_string_array(objects)?, as_string_array(tasks)?);
    let written = (0..tasks.len()).map(|row| run(folders, objects, tasks, row).map(Some));
    let written: Int64Array = written.collect::<Result<Vec<_>>>()?.into_iter().collect();
    Ok(ColumnarValue::Array(Arc::new(written) as ArrayRef))
}

fn run(folders: &StringArray, objects: &StringArray, tasks: &StringArray, row: usize) -> Result<i64> {
    let failed = |error: anyhow::Error| DataFusionError::Execution(format!("{error:#}"));
    let task: Task = serde_json::from_str(tasks.value(row)).map_err(|error| failed(error.into()))?;
    println!("begun {}", task.output);
    let written = match objects.value(row) {
        "" => task.run(Path::new(folders.value(row))),
        address => Objects::open(address).and_then(|objects| objects.run(&task)),
    };
    let written = written.map_err(|error| failed(error.context(task.output.clone())))?;
    println!("done {}", task.output);
    Ok(i64::try_from(written).unwrap_or(i64::MAX))
}
