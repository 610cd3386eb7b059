//! The little of Python's pickle that PyTorch writes for a state dict. Nothing is executed: four names are known, and
//! every other name or operation is refused.

use std::rc::Rc;

use super::MOST_TENSORS;

/// How deep values may lie in one another; PyTorch needs four.
const DEEPEST: u8 = 16;

/// The most sides a tensor may have.
const MOST_SIDES: usize = 8;

/// The longest name of a tensor, in bytes.
const LONGEST_NAME: usize = 512;

/// Says where a tensor's numbers lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The name of the file of numbers.
    pub(super) storage: Rc<str>,
    /// How many numbers the file has.
    pub(super) count: usize,
    /// The number that the tensor begins with.
    pub(super) first: usize,
    /// The tensor's shape; its numbers lie side by side.
    pub(super) shape: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    OrderedDict,
    FloatStorage,
    RebuildTensor,
    RebuildParameter,
}

#[derive(Debug, Clone)]
enum Value {
    Mark,
    /// None, a truth value or a real: of no use to us.
    Plain,
    Whole(i64),
    Text(Rc<str>),
    Known(Known),
    Tuple(Rc<[Value]>, u8),
    /// A dict or a list, which may still grow; what is remembered of it is nothing.
    Dict(Vec<(Rc<str>, Value)>, u8),
    List,
    Storage {
        name: Rc<str>,
        count: usize,
    },
    Tensor(Rc<Place>),
}

/// Gives the tensors of a pickled state dict, or of one under `state_dict`.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<(String, Place)>, String> {
    let mut reader = Reader { bytes, at: 0, stack: Vec::new(), memo: Vec::new() };
    let value = reader.run().map_err(|fault| format!("data.pkl, byte {}: {fault}", reader.at))?;
    let Value::Dict(mut entries, _) = value else { return Err("data.pkl holds no dict".into()) };
    if let Some(at) = entries.iter().position(|(key, value)| **key == *"state_dict" && matches!(value, Value::Dict(..)))
    {
        let Value::Dict(inner, _) = entries.swap_remove(at).1 else { return Err("data.pkl holds no dict".into()) };
        entries = inner;
    }
    if entries.len() > MOST_TENSORS {
        return Err(format!("data.pkl names {} tensors; at most {MOST_TENSORS}", entries.len()));
    }
    let tensor = |(name, value): (Rc<str>, Value)| match value {
        Value::Tensor(place) if name.len() <= LONGEST_NAME => Ok((name.to_string(), Rc::unwrap_or_clone(place))),
        Value::Tensor(_) => Err(format!("data.pkl has a name of {} bytes; at most {LONGEST_NAME}", name.len())),
        _ => Err(format!("data.pkl: {name} is no tensor")),
    };
    entries.into_iter().map(tensor).collect()
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Value>,
    memo: Vec<Value>,
}

impl Reader<'_> {
    fn run(&mut self) -> Result<Value, String> {
        loop {
            match self.byte()? {
                b'.' => return self.pop(),
                operation => self.operate(operation)?,
            }
        }
    }

    fn operate(&mut self, operation: u8) -> Result<(), String> {
        match operation {
            // PROTO: the version has to be one whose operations are these.
            0x80 => match self.byte()? {
                2..=3 => {}
                version => return Err(format!("pickle's version {version} is not read")),
            },
            b'(' => self.stack.push(Value::Mark),
            b'}' => self.stack.push(Value::Dict(Vec::new(), 1)),
            b']' => self.stack.push(Value::List),
            b')' => self.tuple(0)?,
            0x85..=0x87 => self.tuple(usize::from(operation - 0x84))?,
            b't' => self.tuple(self.since_mark()?)?,
            b'N' | 0x88 | 0x89 => self.stack.push(Value::Plain),
            b'G' => {
                self.take(8)?;
                self.stack.push(Value::Plain);
            }
            b'K' => self.whole(1)?,
            b'M' => self.whole(2)?,
            b'J' => self.whole(4)?,
            // LONG1: as many bytes as the next says.
            0x8a => {
                let count = usize::from(self.byte()?);
                self.whole(count)?;
            }
            b'X' => self.text()?,
            b'c' => self.known()?,
            b'q' => {
                let number = usize::from(self.byte()?);
                self.remember(number)?;
            }
            b'r' => {
                let number = self.number(4)?;
                self.remember(usize::try_from(number).unwrap_or(usize::MAX))?;
            }
            b'h' => {
                let number = usize::from(self.byte()?);
                self.recall(number)?;
            }
            b'j' => {
                let number = self.number(4)?;
                self.recall(usize::try_from(number).unwrap_or(usize::MAX))?;
            }
            b'Q' => self.storage()?,
            b'R' => self.call()?,
            b's' => self.fill(2)?,
            b'u' => self.fill(self.since_mark()?)?,
            // BUILD: attributes, such as a state dict's versions; APPEND: to a list. Neither holds tensors.
            b'b' | b'a' => drop(self.pop()?),
            b'e' => {
                let count = self.since_mark()?;
                self.several(count)?;
                self.mark()?;
            }
            other => return Err(format!("the operation {other:#04x} is not allowed")),
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    fn take(&mut self, count: usize) -> Result<&[u8], String> {
        let taken =
            self.at.checked_add(count).and_then(|end| self.bytes.get(self.at..end)).ok_or("it ends too early")?;
        self.at += count;
        Ok(taken)
    }

    /// A whole number of up to eight bytes, the lowest first, the highest bit its sign if it has four or more.
    fn number(&mut self, count: usize) -> Result<i64, String> {
        if count > 8 {
            return Err(format!("a whole number of {count} bytes"));
        }
        let bytes = self.take(count)?;
        let negative = count >= 4 && bytes.last().is_some_and(|last| last & 0x80 != 0);
        let mut whole = [if negative { 0xff } else { 0 }; 8];
        whole[..count].copy_from_slice(bytes);
        Ok(i64::from_le_bytes(whole))
    }

    fn whole(&mut self, count: usize) -> Result<(), String> {
        let number = self.number(count)?;
        self.stack.push(Value::Whole(number));
        Ok(())
    }

    fn text(&mut self) -> Result<(), String> {
        let length = usize::try_from(self.number(4)?).map_err(|_| "a text of more than 2 GB")?;
        let text = std::str::from_utf8(self.take(length)?).map_err(|fault| fault.to_string())?.into();
        self.stack.push(Value::Text(text));
        Ok(())
    }

    fn known(&mut self) -> Result<(), String> {
        let (module, name) = (self.line()?, self.line()?);
        let known = match (module.as_str(), name.as_str()) {
            ("collections", "OrderedDict") => Known::OrderedDict,
            ("torch", "FloatStorage") => Known::FloatStorage,
            ("torch._utils", "_rebuild_tensor_v2") => Known::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Known::RebuildParameter,
            _ => return Err(format!("{module}.{name} is not allowed")),
        };
        self.stack.push(Value::Known(known));
        Ok(())
    }

    fn line(&mut self) -> Result<String, String> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take(LONGEST_NAME).position(|byte| *byte == b'\n').ok_or("a name without an end")?;
        let line = String::from_utf8_lossy(&rest[..length]).into_owned();
        self.at += length + 1;
        Ok(line)
    }

    fn pop(&mut self) -> Result<Value, String> {
        match self.stack.pop() {
            Some(Value::Mark) | None => Err("a value is missing".into()),
            Some(value) => Ok(value),
        }
    }

    fn mark(&mut self) -> Result<(), String> {
        match self.stack.pop() {
            Some(Value::Mark) => Ok(()),
            _ => Err("a mark is missing".into()),
        }
    }

    /// How many values lie above the last mark.
    fn since_mark(&self) -> Result<usize, String> {
        let above = self.stack.iter().rev().position(|value| matches!(value, Value::Mark));
        above.ok_or_else(|| "a mark is missing".into())
    }

    fn several(&mut self, count: usize) -> Result<Vec<Value>, String> {
        let first = self.stack.len().checked_sub(count).ok_or("values are missing")?;
        let values = self.stack.split_off(first);
        if values.iter().any(|value| matches!(value, Value::Mark)) {
            Err("a value is missing".into())
        } else {
            Ok(values)
        }
    }

    fn tuple(&mut self, count: usize) -> Result<(), String> {
        let marked = self.bytes.get(self.at.wrapping_sub(1)) == Some(&b't');
        let values = self.several(count)?;
        if marked {
            self.mark()?;
        }
        let depth = deeper(values.iter())?;
        self.stack.push(Value::Tuple(values.into(), depth));
        Ok(())
    }

    fn remember(&mut self, number: usize) -> Result<(), String> {
        // PyTorch counts up; a gap would make room for nothing.
        if number > self.memo.len() {
            return Err(format!("value {number} is remembered before value {}", self.memo.len()));
        }
        let value = match self.stack.last() {
            // What may still grow is not shared here: nothing that PyTorch writes recalls it.
            Some(Value::Dict(..) | Value::List) => Value::Mark,
            Some(value) => value.clone(),
            None => return Err("a value is missing".into()),
        };
        if number == self.memo.len() {
            self.memo.push(value);
        } else {
            self.memo[number] = value;
        }
        Ok(())
    }

    fn recall(&mut self, number: usize) -> Result<(), String> {
        match self.memo.get(number) {
            Some(Value::Mark) | None => Err(format!("value {number} cannot be recalled")),
            Some(value) => {
                self.stack.push(value.clone());
                Ok(())
            }
        }
    }

    /// `('storage', FloatStorage, name, device, count)`
    fn storage(&mut self) -> Result<(), String> {
        let value = self.pop()?;
        let Value::Tuple(parts, _) = &value else { return Err("a storage without a tuple".into()) };
        let [
            Value::Text(kind),
            Value::Known(Known::FloatStorage),
            Value::Text(name),
            Value::Text(_),
            Value::Whole(count),
        ] = &parts[..]
        else {
            return Err("a storage that is not of f32".into());
        };
        let count = usize::try_from(*count).map_err(|_| "a storage of less than nothing")?;
        let is_name = (1..=16).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if **kind != *"storage" || !is_name {
            return Err("a storage without a name".into());
        }
        self.stack.push(Value::Storage { name: name.clone(), count });
        Ok(())
    }

    fn call(&mut self) -> Result<(), String> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let (Value::Tuple(arguments, _), Value::Known(function)) = (&arguments, function) else {
            return Err("a call of what is no function".into());
        };
        let value = match (function, &arguments[..]) {
            (Known::OrderedDict, []) => Value::Dict(Vec::new(), 1),
            (Known::RebuildTensor, [storage, first, shape, strides, ..]) => tensor(storage, first, shape, strides)?,
            (Known::RebuildParameter, [tensor @ Value::Tensor(_), ..]) => tensor.clone(),
            _ => return Err(format!("{function:?} with {} arguments", arguments.len())),
        };
        self.stack.push(value);
        Ok(())
    }

    /// Puts the last values into the dict below them, in pairs.
    fn fill(&mut self, count: usize) -> Result<(), String> {
        let marked = self.bytes.get(self.at.wrapping_sub(1)) == Some(&b'u');
        let values = self.several(count)?;
        if marked {
            self.mark()?;
        }
        let depth = deeper(values.iter())?;
        let Some(Value::Dict(entries, deepest)) = self.stack.last_mut() else { return Err("there is no dict".into()) };
        *deepest = (*deepest).max(depth);
        let mut values = values.into_iter();
        while let Some(key) = values.next() {
            let (Value::Text(key), Some(value)) = (key, values.next()) else {
                return Err("a key that is no text".into());
            };
            entries.push((key, value));
        }
        Ok(())
    }
}

/// One deeper than the deepest of the values.
fn deeper<'a>(values: impl Iterator<Item = &'a Value>) -> Result<u8, String> {
    let depth = |value: &Value| match value {
        Value::Tuple(_, depth) | Value::Dict(_, depth) => *depth,
        _ => 0,
    };
    let deepest = values.map(depth).max().unwrap_or(0) + 1;
    if deepest > DEEPEST { Err(format!("values {deepest} deep; at most {DEEPEST}")) } else { Ok(deepest) }
}

fn tensor(storage: &Value, first: &Value, shape: &Value, strides: &Value) -> Result<Value, String> {
    let (Value::Storage { name, count }, Value::Whole(first)) = (storage, first) else {
        return Err("a tensor without a storage".into());
    };
    let (shape, strides) = (sides(shape)?, sides(strides)?);
    let first = usize::try_from(*first).map_err(|_| "a tensor that begins before its storage")?;
    if shape.len() != strides.len() {
        return Err(format!("a tensor {shape:?} with {} strides", strides.len()));
    }
    let mut step = 1_usize;
    for (side, stride) in shape.iter().zip(&strides).rev() {
        if *side != 1 && *stride != step {
            return Err(format!("a tensor {shape:?} whose numbers lie {strides:?} apart"));
        }
        step = step.checked_mul(*side).ok_or("a tensor of too many numbers")?;
    }
    Ok(Value::Tensor(Rc::new(Place { storage: name.clone(), count: *count, first, shape })))
}

fn sides(value: &Value) -> Result<Vec<usize>, String> {
    let Value::Tuple(sides, _) = value else { return Err("a shape that is no tuple".into()) };
    if sides.len() > MOST_SIDES {
        return Err(format!("a tensor of {} sides; at most {MOST_SIDES}", sides.len()));
    }
    let side = |value: &Value| match value {
        Value::Whole(side) => usize::try_from(*side).map_err(|_| "a side of less than nothing".to_string()),
        _ => Err("a side that is no whole number".into()),
    };
    sides.iter().map(side).collect()
}
