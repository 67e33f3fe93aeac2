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
    pub fn state_registers(&self) -> &[(usize, usize)] {
        &self.states
    }

    /// The first roots copied out, as many as there is room for.
    pub fn copy_roots(&self, registers: &[Lanes], into: &mut [Lanes]) {
        into.iter_mut().zip(&self.roots).for_each(|(into, register)| *into = registers[*register]);
    }

    /// Computes everything.
    pub fn run(&self, registers: &mut [Lanes]) {
        self.tape.run(registers);
    }

    /// Computes what stands on inputs and fixed values alone: whenever one of them was given anew.
    pub fn settle(&self, registers: &mut [Lanes]) {
        self.tape.settle(registers);
    }

    /// Computes the rest, after `settle` or `run`: where only states or the probe were given anew.
    pub fn rerun(&self, registers: &mut [Lanes]) {
        self.tape.rerun(registers);
    }

    /// How many roots there are.
    pub fn count(&self) -> usize {
        self.roots.len()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Operator::{Add, Div, Mul, Pow};
    use crate::kernel::LANES;

    #[test]
    fn to_settle_after_inputs_and_to_rerun_after_states_is_to_run() {
        let mut arena = Arena::new();
        let [state, input, fixed] = ["state", "input", "fixed"].map(|name| arena.named(name));
        let drive = arena.binary(Mul, input, fixed);
        let power = arena.binary(Pow, drive, state);
        let sum = arena.binary(Add, drive, state);
        let roots = [arena.binary(Div, power, sum), drive];
        let layout = Layout { states: vec![state], inputs: vec![input], fixed: vec![fixed] };
        let program = Program::new(&arena, &roots, &layout, None).expect("all is given");
        let row = |value: f64| [Lanes(std::array::from_fn(|lane| value + 0.1 * lane as f64))];

        let (mut whole, mut parts) = (program.registers(), program.registers());
        program.give_fixed(&mut whole, &row(0.7));
        program.give_fixed(&mut parts, &row(0.7));
        for input in [1.5, 8.0] {
            program.give_inputs(&mut parts, &row(input));
            program.settle(&mut parts);
            for state in [0.0, 0.3, 2.0] {
                program.give_inputs(&mut whole, &row(input));
                program.give_states(&mut whole, &row(state));
                program.run(&mut whole);
                for (_, register) in program.state_registers() {
                    parts[*register] = row(state)[0];
                }
                program.rerun(&mut parts);
                assert_eq!(program.results(&parts), program.results(&whole));
            }
        }
        assert_eq!(
            program.root(&parts, 1).0[LANES - 1],
            (8.0 + 0.1 * (LANES - 1) as f64) * (0.7 + 0.1 * (LANES - 1) as f64)
        );
    }
}
