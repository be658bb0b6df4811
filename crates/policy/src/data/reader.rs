//! How the tables are read.

use cachewarden_model::Timestamp;
use serde::de::DeserializeOwned;

use super::DataTable;
use super::rows::{Table, UpdateTable};
use crate::mistake::{Mistake, Problem, Text};

/// What is read of the tables, and what is wrong with them.
#[derive(Default)]
pub(super) struct Reader {
    /// Where the tables are from that could be read, in their order.
    pub(super) origins: Vec<DataTable>,
    pub(super) mistakes: Vec<Mistake>,
}

impl Reader {
    pub(super) fn table<R: DeserializeOwned>(
        &mut self,
        (file, text): (&'static str, &str),
    ) -> Option<Table<R>> {
        let table: Table<R> = self.read(file, text)?;
        self.origin(file, &table.source, table.read);
        Some(table)
    }

    pub(super) fn updates(&mut self, (file, text): (&'static str, &str)) -> Option<UpdateTable> {
        let table: UpdateTable = self.read(file, text)?;
        self.origin(file, &table.source, table.read);
        Some(table)
    }

    fn origin(&mut self, file: &'static str, sources: &[String], read: Timestamp) {
        self.origins.push(DataTable {
            file,
            sources: sources.to_vec(),
            read,
        });
    }

    /// Reads a table by way of a tree of values: each type that the YAML parser
    /// itself is made to fill costs seconds of compilation.
    fn read<T: DeserializeOwned>(&mut self, file: &str, text: &str) -> Option<T> {
        let source = || Text::new(format!("policies/{file}"), text.to_owned());
        let tree: serde_json::Value = match serde_saphyr::from_str(text) {
            Ok(tree) => tree,
            Err(error) => {
                self.mistakes.push(Mistake::yaml(&source(), &error));
                return None;
            }
        };
        match serde_json::from_value(tree) {
            Ok(table) => Some(table),
            Err(error) => {
                let message = error.to_string();
                let mistake = Mistake::at(&source(), 0..0, Problem::Yaml { message });
                self.mistakes.push(mistake);
                None
            }
        }
    }
}
