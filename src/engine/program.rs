//! A tape with its inputs bound: which register holds which state, input, agent's value or probe.
//! Knows nothing of time.

use std::collections::HashMap;

use crate::expression::{Arena, Id, Sym};
use crate::kernel::{Lanes, Tape};

/// What the programs of an arm may read.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub states: Vec<Id>,
    pub inputs: Vec<Id>,
    /// Values of the agent, solved starts, and what stands on these alone: constant over the run.
    pub fixed: Vec<Id>,
}

/// A tape and where its inputs come from.
#[derive(Clone, Debug)]
pub(super) struct Program {
    tape: Tape,
    /// (position in the layout, register)
    states: Vec<(usize, usize)>,
    inputs: Vec<(usize, usize)>,
    fixed: Vec<(usize, usize)>,
    probe: Option<usize>,
    /// Register of each root.
    roots: Vec<usize>,
}

/// The registers in which one program runs.
pub(super) type Registers = Vec<Lanes>;

impl Program {
    /// `probe` hides a state or an input of the same symbol. Fails with a symbol that nothing gives.
    pub fn new(arena: &Arena, roots: &[Id], layout: &Layout, probe: Option<Id>) -> Result<Program, Sym> {
        #[derive(Clone, Copy)]
        enum From {
            State(usize),
            Input(usize),
            Fixed(usize),
            Probe,
        }
        let mut known: HashMap<Id, From> = HashMap::new();
        let numbered = |ids: &[Id], from: fn(usize) -> From| -> Vec<(Id, From)> {
            ids.iter().enumerate().map(|(n, id)| (*id, from(n))).collect()
        };
        known.extend(numbered(&layout.fixed, From::Fixed));
        known.extend(numbered(&layout.inputs, From::Input));
        known.extend(numbered(&layout.states, From::State));
        known.extend(probe.map(|id| (id, From::Probe)));
        let given = reached(arena, roots, &|id| known.contains_key(&id));
        let (settled, changing): (Vec<Id>, Vec<Id>) =
            given.iter().partition(|id| matches!(known[id], From::Fixed(_) | From::Input(_)));
        let tape = Tape::lower_in_two(arena, roots, &settled, &changing)?;
        let mut program = Program {
            states: Vec::new(),
            inputs: Vec::new(),
            fixed: Vec::new(),
            probe: None,
            roots: (0..roots.len()).map(|n| tape.root(n)).collect(),
            tape,
        };
        for (register, id) in settled.iter().chain(&changing).enumerate() {
            match known[id] {
                From::State(n) => program.states.push((n, register)),
                From::Input(n) => program.inputs.push((n, register)),
                From::Fixed(n) => program.fixed.push((n, register)),
                From::Probe => program.probe = Some(register),
            }
        }
        Ok(program)
    }

    pub fn registers(&self) -> Registers {
        let mut registers = vec![Lanes([0.0; crate::kernel::LANES]); self.tape.registers()];
        self.tape.prepare(&mut registers);
        registers
    }

    /// What is constant over the run, once per block.
    pub fn give_fixed(&self, registers: &mut [Lanes], fixed: &[Lanes]) {
        self.fixed.iter().for_each(|(n, register)| registers[*register] = fixed[*n]);
    }

    pub fn give_states(&self, registers: &mut [Lanes], states: &[Lanes]) {
        self.states.iter().for_each(|(n, register)| registers[*register] = states[*n]);
    }

    pub fn give_inputs(&self, registers: &mut [Lanes], inputs: &[Lanes]) {
        self.inputs.iter().for_each(|(n, register)| registers[*register] = inputs[*n]);
    }

    pub fn give_probe(&self, registers: &mut [Lanes], probe: &Lanes) {
        self.probe.iter().for_each(|register| registers[*register] = *probe);
    }

    pub fn input_registers(&self) -> &[(usize, usize)] {
        &self.inputs
    }

    /// Registers of the states that are read, each with the state's position: for whoever writes states there directly.
    #[allow(dead_code)]
    pub fn state_registers(&self) -> &[(usize, usize)] {
        &self.states
    }

    /// Computes everything.
    pub fn run(&self, registers: &mut [Lanes]) {
        self.tape.run(registers);
    }

    /// Computes what stands on inputs and fixed values alone: whenever one of them was given anew.
    #[allow(dead_code)]
    pub fn settle(&self, registers: &mut [Lanes]) {
        self.tape.settle(registers);
    }

    /// Computes the rest, after `settle` or `run`: where only states or the probe were given anew.
    #[allow(dead_code)]
    pub fn rerun(&self, registers: &mut [Lanes]) {
        self.tape.rerun(registers);
    }

    pub fn root<'r>(&self, registers: &'r [Lanes], n: usize) -> &'r Lanes {
        &registers[self.roots[n]]
    }

    /// All roots copied out.
    pub fn results(&self, registers: &[Lanes]) -> Vec<Lanes> {
        self.roots.iter().map(|register| registers[*register]).collect()
    }
}

/// The given nodes on which the roots stand, ascending; what stands behind a given node is not looked at.
fn reached(arena: &Arena, roots: &[Id], given: &dyn Fn(Id) -> bool) -> Vec<Id> {
    let largest = roots.iter().map(|id| id.0 as usize + 1).max().unwrap_or(0);
    let mut wanted = vec![false; largest];
    roots.iter().for_each(|id| wanted[id.0 as usize] = true);
    let mut found = Vec::new();
    for n in (0..largest as u32).rev().map(Id) {
        if !wanted[n.0 as usize] {
            continue;
        }
        if given(n) {
            found.push(n);
        } else {
            arena.node(n).children().for_each(|child| wanted[child.0 as usize] = true);
        }
    }
    found.reverse();
    found
}
