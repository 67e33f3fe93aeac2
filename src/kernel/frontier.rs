//! What can be computed once, before the rest.
//! Knows nothing of tapes.

use crate::expression::{Arena, Id, Node, Sym};

/// Of what `roots` stand on, the largest parts that need only `known` symbols and are worth computing once: neither a
/// number nor a symbol. Ascending. A part of a largest part is named too where something unknown uses it directly.
pub fn frontier(arena: &Arena, roots: &[Id], known: &dyn Fn(Sym) -> bool) -> Vec<Id> {
    let nodes = roots.iter().map(|root| root.0 as usize + 1).max().unwrap_or(0);
    let settled = settled(arena, nodes, known);
    let mut wanted = vec![false; nodes];
    for root in roots {
        wanted[root.0 as usize] = true;
    }
    let mut found = Vec::new();
    for n in (0..nodes).rev() {
        let node = arena.node(Id(n as u32));
        if !wanted[n] || matches!(node, Node::Const(_) | Node::Sym(_)) {
            continue;
        }
        if settled[n] {
            found.push(Id(n as u32));
        } else {
            node.children().for_each(|child| wanted[child.0 as usize] = true);
        }
    }
    found.reverse();
    found
}

/// By node, whether it needs known symbols only.
fn settled(arena: &Arena, nodes: usize, known: &dyn Fn(Sym) -> bool) -> Vec<bool> {
    let mut settled = Vec::with_capacity(nodes);
    for n in 0..nodes {
        let so = match arena.node(Id(n as u32)) {
            Node::Sym(sym) => known(sym),
            node => node.children().all(|child| settled[child.0 as usize]),
        };
        settled.push(so);
    }
    settled
}
