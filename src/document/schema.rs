//! Key tables as JSON Schema (2020-12), for editors that complete and check while one types.
//! Knows nothing of trees.

use serde_json::{Map, Value as Json, json};

use super::{Kind, Need, Shape};

pub(super) fn document(shape: &'static Shape, title: &str) -> Json {
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!(title));
    let mut shapes = Shapes::default();
    schema.extend(shapes.table(shape, None));
    if !shapes.written.is_empty() {
        schema.insert("$defs".into(), Json::Object(shapes.definitions));
    }
    Json::Object(schema)
}

#[derive(Default)]
struct Shapes {
    /// Shapes that stand in `definitions` or are being written there, each in the form it is used in, with its name there.
    written: Vec<(&'static Shape, Form, String)>,
    definitions: Map<String, Json>,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Table,
    Open,
    Tagged,
}

impl Shapes {
    /// A reference to the definition of a shape, written when first needed: this is what ends recursion.
    fn reference(&mut self, shape: &'static Shape, form: Form, further: Option<Kind>) -> Json {
        let known = self.written.iter().find(|(s, f, _)| std::ptr::eq(*s, shape) && *f == form);
        let name = match known {
            Some((_, _, name)) => name.clone(),
            None => {
                let namesakes = self.written.iter().filter(|(s, _, _)| s.name == shape.name).count();
                let plain = shape.name.replace(' ', "_");
                let name = if namesakes == 0 { plain } else { format!("{plain}_{}", namesakes + 1) };
                self.written.push((shape, form, name.clone()));
                // Keeps the order of first use.
                self.definitions.insert(name.clone(), Json::Null);
                let definition = match form {
                    Form::Tagged => self.tagged(shape),
                    Form::Table | Form::Open => self.table(shape, further),
                };
                self.definitions.insert(name.clone(), Json::Object(definition));
                name
            }
        };
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    fn table(&mut self, shape: &'static Shape, further: Option<Kind>) -> Map<String, Json> {
        let mut schema = self.properties(shape);
        let required: Vec<&str> =
            shape.keys.iter().filter(|k| matches!(k.need, Need::Required)).map(|k| k.name).collect();
        if !required.is_empty() {
            schema.insert("required".into(), json!(required));
        }
        let further = further.map_or(json!(false), |kind| self.kind(kind));
        schema.insert("additionalProperties".into(), further);
        schema
    }

    fn tagged(&mut self, shape: &'static Shape) -> Map<String, Json> {
        let mut schema = self.properties(shape);
        schema.insert("minProperties".into(), json!(1));
        schema.insert("maxProperties".into(), json!(1));
        schema.insert("additionalProperties".into(), json!(false));
        schema
    }

    fn properties(&mut self, shape: &'static Shape) -> Map<String, Json> {
        let mut properties = Map::new();
        for key in shape.keys {
            let mut property = self.kind(key.kind);
            if let Some(fields) = property.as_object_mut() {
                let left_out = match key.need {
                    Need::Required => String::new(),
                    Need::Default(default) => format!(" (left out: {default})"),
                };
                fields.insert("description".into(), json!(format!("{}{left_out}", key.doc)));
                if let Need::Default(default) = key.need
                    && let Some(default) = default_value(key.kind, default)
                {
                    fields.insert("default".into(), default);
                }
            }
            properties.insert(key.name.into(), property);
        }
        let mut schema = Map::new();
        schema.insert("description".into(), json!(shape.doc));
        schema.insert("type".into(), json!("object"));
        schema.insert("properties".into(), Json::Object(properties));
        schema
    }

    fn kind(&mut self, kind: Kind) -> Json {
        match kind.resolved() {
            Kind::Text | Kind::Expression => json!({ "type": "string" }),
            Kind::Quantity { .. } | Kind::Value => json!({ "type": ["string", "number"] }),
            Kind::Whole => json!({ "type": "integer" }),
            Kind::Number => json!({ "type": "number" }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::OneOf(words) => json!({ "enum": words }),
            Kind::List(kind) => json!({ "type": "array", "items": self.kind(*kind) }),
            Kind::Texts => json!({ "type": ["string", "array"], "items": { "type": "string" } }),
            Kind::Table(shape) => self.reference(shape, Form::Table, None),
            Kind::Open(shape, further) => self.reference(shape, Form::Open, Some(*further)),
            Kind::Tagged(shape) => self.reference(shape, Form::Tagged, None),
            Kind::Named(kind) => json!({ "type": "object", "additionalProperties": self.kind(*kind) }),
            Kind::Either(kinds) => {
                let any: Vec<Json> = kinds.iter().map(|kind| self.kind(*kind)).collect();
                json!({ "anyOf": any })
            }
            Kind::Lazy(_) => unreachable!("a resolved kind is not lazy"),
        }
    }
}

/// The default as a value, where the words of the key table are one.
fn default_value(kind: Kind, words: &str) -> Option<Json> {
    match kind.resolved() {
        Kind::Whole => words.replace('_', "").parse::<i64>().ok().map(Json::from),
        Kind::Number => words.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Json::Number),
        Kind::Flag => words.parse::<bool>().ok().map(Json::Bool),
        Kind::OneOf(known) => known.contains(&words).then(|| json!(words)),
        Kind::Quantity { .. } => words.starts_with(|c: char| c.is_ascii_digit()).then(|| json!(words)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::ARM_FILE;
    use super::*;
    use crate::diagnostic::{Findings, Source};
    use crate::document::{Node, Value, check};

    fn schema() -> Json {
        document(&ARM_FILE, "Scenario")
    }

    /// The part of JSON Schema that this module writes, as a validator of trees.
    fn accepts(root: &Json, schema: &Json, node: &Node) -> bool {
        if let Some(name) = schema["$ref"].as_str() {
            return accepts(root, &root["$defs"][name.strip_prefix("#/$defs/").unwrap()], node);
        }
        if let Some(any) = schema["anyOf"].as_array() {
            return any.iter().any(|schema| accepts(root, schema, node));
        }
        if let Some(words) = schema["enum"].as_array() {
            return words.iter().any(|word| word.as_str() == node.text());
        }
        let named = |name: &str| match &schema["type"] {
            Json::Array(names) => names.iter().any(|known| known == name),
            known => known == name,
        };
        match &node.value {
            Value::Text(_) => named("string"),
            Value::Whole(_) => named("integer") || named("number"),
            Value::Number(_) => named("number"),
            Value::Flag(_) => named("boolean"),
            Value::List(list) => {
                named("array") && list.iter().all(|item| accepts(root, &schema["items"], item))
            }
            Value::Table(table) => {
                let size = |limit: &str| schema[limit].as_u64().map(|limit| limit as usize);
                let required = schema["required"].as_array().into_iter().flatten();
                named("object")
                    && required.into_iter().all(|name| table.contains_key(name.as_str().unwrap()))
                    && size("minProperties").is_none_or(|least| table.len() >= least)
                    && size("maxProperties").is_none_or(|most| table.len() <= most)
                    && table.iter().all(|(name, entry)| {
                        match (schema["properties"].get(name), &schema["additionalProperties"]) {
                            (Some(schema), _) => accepts(root, schema, &entry.node),
                            (None, Json::Bool(allowed)) => *allowed,
                            (None, further) => accepts(root, further, &entry.node),
                        }
                    })
            }
        }
    }

    #[test]
    fn the_schema_and_the_check_accept_the_same_files() {
        let files = [
            ("title = \"x\"", true),
            ("", false),
            ("title = 1", false),
            ("title = \"x\"\ntitel = \"y\"", false),
            ("title = \"x\"\nwindow = \"max\"", true),
            ("title = \"x\"\nwindow = \"med\"", false),
            ("title = \"x\"\nwhat = [\"a\"]", true),
            ("title = \"x\"\nwhat = [1]", false),
            ("title = \"x\"\nshare = 1", true),
            ("title = \"x\"\nagents = 1.5", false),
            ("title = \"x\"\nvary.a = { lognormal = { cv = 1 } }", true),
            ("title = \"x\"\nvary.a = {}", false),
            (
                "title = \"x\"\n[arms.a]\nphases = [{ name = \"n\", for = \"1 d\", L = { sum = [\"1\"] } }]",
                true,
            ),
            (
                "title = \"x\"\n[arms.a]\nphases = [{ repeat = 2, phases = [{ repeat = 1, phases = [] }] }]",
                true,
            ),
            ("title = \"x\"\n[arms.a]\nphases = [{ repeat = 2 }]", false),
            ("title = \"x\"\n[arms.a]\nphases = [{ name = \"n\", for = \"1 d\", L = true }]", false),
        ];
        let schema = schema();
        for (text, right) in files {
            let mut findings = Findings::new();
            let root = Node::parse(&Source::new("x", text), &mut findings).unwrap();
            check(&root, &ARM_FILE, &mut findings);
            assert_eq!(!findings.has_errors(), right, "check: {text}");
            assert_eq!(accepts(&schema, &schema, &root), right, "schema: {text}");
        }
    }

    #[test]
    fn every_key_has_its_meaning_and_its_default() {
        let schema = schema();
        assert_eq!(schema["title"], "Scenario");
        assert_eq!(
            schema["properties"]["agents"],
            json!({ "type": "integer", "description": "size of the population (left out: 1000)", "default": 1000 })
        );
        assert_eq!(schema["properties"]["window"]["default"], "mean");
        assert_eq!(schema["properties"]["every"]["default"], "1 d");
        assert_eq!(schema["properties"]["vary"].get("default"), None);
    }

    #[test]
    fn every_reference_leads_to_a_definition() {
        fn references<'a>(value: &'a Json, found: &mut Vec<&'a str>) {
            match value {
                Json::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Json::as_str));
                    fields.values().for_each(|value| references(value, found));
                }
                Json::Array(items) => items.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let schema = schema();
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.len() > 8);
        for name in found {
            assert!(schema.pointer(name.strip_prefix('#').unwrap()).is_some_and(Json::is_object), "{name}");
        }
    }
}
