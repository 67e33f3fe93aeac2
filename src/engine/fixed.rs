//! Steps of one method and one length, with no control of error: by them the order of a method is measured.
//! Knows nothing of what is observed.

use super::block::Lives;
use super::control::ones;
use super::draw::Agents;
use super::drive::Engine;
use super::room::Room;
use super::run::Life;
use super::step::{Method, lanes_of};
use crate::kernel::Lanes;

impl Engine {
    /// The same with one method throughout, where a lane would else choose by its own history. For measuring: the steps and
    /// the bits are not those of a run.
    pub fn only(mut self, method: Method) -> Engine {
        self.lives.only = Some(method);
        self
    }

    /// States of the first block's agents at the end of an arm in which every segment takes `steps` steps of equal length,
    /// by state. What fails is not told: a lane that leaves the finite numbers stays outside them.
    pub fn ends_in_steps(&self, arm: usize, method: Method, steps: u32) -> Vec<Lanes> {
        let Lives { plan, sampler, arms, drawings, .. } = &self.lives;
        let lowered = arms[arm].unobserved();
        let mut room = Room::new(&lowered, plan.relative);
        let agents = Agents::of_block(0, &plan.population, sampler);
        let drawing = &drawings[arm];
        let life = Life { lowered: &lowered, drawing, population: &plan.population, sampler };
        life.prepare(&agents, &mut room);
        for (n, phase) in lowered.arm.phases.iter().enumerate() {
            let body = &mut room.body;
            life.set(n, phase, body);
            let mut at = [phase.when.start; crate::kernel::LANES];
            let mut open = body.alive;
            while open != 0 {
                for lane in lanes_of(open) {
                    life.enter(at[lane], lane, phase, &agents, body, &mut []);
                }
                for _ in 0..steps {
                    body.stepper.method = method;
                    body.stepper.rate(&lowered, &mut body.rates, &body.course, open);
                    let length = |lane: usize| body.course.length.0[lane] / f64::from(steps);
                    body.stepper.tried =
                        Lanes(std::array::from_fn(
                            |lane| {
                                if open >> lane & 1 == 1 { length(lane) } else { 0.0 }
                            },
                        ));
                    body.stepper.attempt(&lowered, &mut body.rates, &body.course);
                    let ends = body.course.ends(&body.stepper.tried);
                    let mask = ones(open);
                    body.stepper.accept(&body.course, (open, &mask));
                    body.course.advance(&ends, (open, &mask));
                }
                for lane in lanes_of(open) {
                    at[lane] = body.course.until[lane];
                    open &= !(u64::from(at[lane] == phase.when.end) << lane);
                }
            }
        }
        room.body.stepper.states.clone()
    }
}
