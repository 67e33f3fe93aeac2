//! Nodes that exist once: building with exact folding, symbols, evaluation, substitution.
//! Knows nothing of text, units or places.
//! Folding does the arithmetic of evaluation, and nothing that could change a finite result: `x*1`, `x/1`, `x+0`, `x-0`,
//! `x^1`, `--x` are `x`, `x^0` is 1; `0*x` stays, because x may be infinite.

use std::collections::HashMap;

use super::function::Function;
use super::syntax::Operator;
use crate::math;

/// A name's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(pub u32);

/// A node's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub u32);

/// A node; children always have smaller ids, so arena order is evaluation order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// Bits of the number; NaN canonical, -0 stored as 0.
    Const(u64),
    Sym(Sym),
    Neg(Id),
    Binary(Operator, Id, Id),
    /// Unused arguments repeat the first.
    Call(Function, [Id; 3]),
}

impl Node {
    /// The nodes it stands on, in the order written; a call's repeated arguments included.
    pub fn children(&self) -> impl DoubleEndedIterator<Item = Id> + use<> {
        let (ids, count) = match *self {
            Node::Const(_) | Node::Sym(_) => ([Id(0); 3], 0),
            Node::Neg(a) => ([a; 3], 1),
            Node::Binary(_, a, b) => ([a, b, b], 2),
            Node::Call(function, args) => (args, function.row().arity),
        };
        ids.into_iter().take(count)
    }

    /// What makes it the same node: `a + b` is `b + a` and `a*b` is `b*a` to the last bit.
    fn key(self) -> Node {
        match self {
            Node::Binary(op @ (Operator::Add | Operator::Mul), a, b) => Node::Binary(op, a.min(b), a.max(b)),
            other => other,
        }
    }
}

/// Which arithmetic `x^y` is: fixed by the exponent's node, so that every evaluator chooses alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerKind {
    /// A constant whole exponent up to 64 in size: products (`math::powi`).
    Whole(i32),
    /// The constant exponent 0.5: the exact square root.
    Root,
    /// `math::pow`.
    General,
}

impl PowerKind {
    const LARGEST: f64 = 64.0;

    fn of(exponent: Option<f64>) -> PowerKind {
        match exponent {
            Some(n) if n == n.round() && n.abs() <= PowerKind::LARGEST => PowerKind::Whole(n as i32),
            Some(0.5) => PowerKind::Root,
            _ => PowerKind::General,
        }
    }

    /// `x^y`, where `y` is the value of the exponent that this kind was made for.
    #[inline(always)]
    pub fn value(self, x: f64, y: f64) -> f64 {
        match self {
            PowerKind::Whole(n) => math::powi(x, n),
            PowerKind::Root => x.sqrt(),
            PowerKind::General => math::pow(x, y),
        }
    }
}

/// Nodes and names. Nodes are only added; an id stays good.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    nodes: Vec<Node>,
    known: HashMap<Node, Id>,
    names: Vec<String>,
    symbols: HashMap<String, Sym>,
}

impl Arena {
    /// An arena without nodes or symbols.
    pub fn new() -> Arena {
        Arena::default()
    }

    /// The symbol of a name, made at first use.
    pub fn symbol(&mut self, name: &str) -> Sym {
        if let Some(sym) = self.find_symbol(name) {
            return sym;
        }
        let sym = Sym(self.names.len() as u32);
        self.names.push(name.to_owned());
        self.symbols.insert(name.to_owned(), sym);
        sym
    }

    /// The symbol of a name, where it has been used.
    pub fn find_symbol(&self, name: &str) -> Option<Sym> {
        self.symbols.get(name).copied()
    }

    /// The name of one of this arena's symbols.
    pub fn name(&self, sym: Sym) -> &str {
        &self.names[sym.0 as usize]
    }

    /// What one of this arena's nodes is.
    pub fn node(&self, id: Id) -> Node {
        self.nodes[id.0 as usize]
    }

    /// How many different nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number, where the node is one.
    pub fn as_constant(&self, of: Id) -> Option<f64> {
        match self.node(of) {
            Node::Const(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// The arithmetic of `x^exponent`.
    pub fn power_kind(&self, exponent: Id) -> PowerKind {
        PowerKind::of(self.as_constant(exponent))
    }

    /// The node of a number. All NaN are one node, and so are 0 and -0.
    pub fn constant(&mut self, value: f64) -> Id {
        let value = if value.is_nan() {
            f64::NAN
        } else if value == 0.0 {
            0.0
        } else {
            value
        };
        self.intern(Node::Const(value.to_bits()))
    }

    /// The node of a symbol.
    pub fn sym(&mut self, sym: Sym) -> Id {
        self.intern(Node::Sym(sym))
    }

    /// The node of a name.
    pub fn named(&mut self, name: &str) -> Id {
        let sym = self.symbol(name);
        self.sym(sym)
    }

    /// The negative of a node; of a number it is a number.
    pub fn neg(&mut self, a: Id) -> Id {
        match self.node(a) {
            Node::Const(bits) => self.constant(-f64::from_bits(bits)),
            Node::Neg(inner) => inner,
            _ => self.intern(Node::Neg(a)),
        }
    }

    pub fn binary(&mut self, op: Operator, a: Id, b: Id) -> Id {
        use Operator::*;
        match (op, self.as_constant(a), self.as_constant(b)) {
            (_, Some(x), Some(y)) => self.constant(compute(op, x, y, PowerKind::of(Some(y)))),
            (Mul | Div | Pow, _, Some(1.0)) | (Add | Sub, _, Some(0.0)) => a,
            (Mul, Some(1.0), _) | (Add, Some(0.0), _) => b,
            (Pow, _, Some(0.0)) => self.constant(1.0),
            _ => self.intern(Node::Binary(op, a, b)),
        }
    }

    /// A call of `function` with as many arguments as its row says.
    pub fn call(&mut self, function: Function, args: &[Id]) -> Id {
        let row = function.row();
        debug_assert_eq!(row.arity, args.len(), "{}", row.name);
        let padded: [Id; 3] = std::array::from_fn(|n| args.get(n).copied().unwrap_or(args[0]));
        match padded.map(|id| self.as_constant(id)) {
            [Some(a), Some(b), Some(c)] => self.constant((row.value)([a, b, c])),
            _ => self.intern(Node::Call(function, padded)),
        }
    }

    fn intern(&mut self, node: Node) -> Id {
        let next = Id(self.nodes.len() as u32);
        let id = *self.known.entry(node.key()).or_insert(next);
        if id == next {
            // As first written, so that printing keeps the writer's order.
            self.nodes.push(node);
        }
        id
    }

    /// All that `of` stands on and itself, smallest id first: an order of evaluation.
    pub fn reach(&self, of: Id) -> Vec<Id> {
        let mut wanted = vec![false; of.0 as usize + 1];
        wanted[of.0 as usize] = true;
        let mut found = Vec::new();
        for n in (0..=of.0).rev() {
            if wanted[n as usize] {
                found.push(Id(n));
                self.node(Id(n)).children().for_each(|child| wanted[child.0 as usize] = true);
            }
        }
        found.reverse();
        found
    }

    /// All symbols that `of` depends on, in order of first use.
    pub fn symbols(&self, of: Id) -> Vec<Sym> {
        let mut seen = vec![false; of.0 as usize + 1];
        let (mut found, mut open) = (Vec::new(), vec![of]);
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            match self.node(id) {
                Node::Sym(sym) => found.push(sym),
                node => open.extend(node.children().rev()),
            }
        }
        found
    }

    /// Each symbol replaced where `with` says so, in all that `of` depends on; all at once, so replacements are not searched again.
    pub fn substitute(&mut self, of: Id, with: &dyn Fn(Sym) -> Option<Id>) -> Id {
        let mut new = HashMap::new();
        for id in self.reach(of) {
            let made = match self.node(id) {
                Node::Const(_) => id,
                Node::Sym(sym) => with(sym).unwrap_or(id),
                Node::Neg(a) => self.neg(new[&a]),
                Node::Binary(op, a, b) => self.binary(op, new[&a], new[&b]),
                Node::Call(function, args) => {
                    let args = args.map(|arg| new[&arg]);
                    self.call(function, &args[..function.row().arity])
                }
            };
            new.insert(id, made);
        }
        new[&of]
    }

    /// Value by walking nodes in order with `crate::math`: the slow truth that tapes are compared with.
    pub fn evaluate(&self, of: Id, value: &dyn Fn(Sym) -> f64) -> f64 {
        let mut values = vec![f64::NAN; of.0 as usize + 1];
        for id in self.reach(of) {
            let at = |id: Id| values[id.0 as usize];
            values[id.0 as usize] = match self.node(id) {
                Node::Const(bits) => f64::from_bits(bits),
                Node::Sym(sym) => value(sym),
                Node::Neg(a) => -at(a),
                Node::Binary(op, a, b) => compute(op, at(a), at(b), self.power_kind(b)),
                Node::Call(function, args) => (function.row().value)(args.map(at)),
            };
        }
        values[of.0 as usize]
    }
}

/// The arithmetic of one operator; `power` is the exponent's kind and used by `^` only.
fn compute(op: Operator, a: f64, b: f64, power: PowerKind) -> f64 {
    match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mul => a * b,
        Operator::Div => a / b,
        Operator::Pow => power.value(a, b),
    }
}
