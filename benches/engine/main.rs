mod chronic; mod rival;
use std::time::Instant;
fn main() {
    use chronic::*;
    let n: u64 = 6400;
    let plan = plan(n, DAILY);
    let agents = agents(&plan);
    let w = |relative, stops| rival::Way { relative, stops };
    let (exact, c) = paths_of_rival(&agents[0], DAILY, w(1e-11, true));
    println!("{c:?}");
    let (e2, _) = paths_of_engine(&plan, 1e-11);
    println!("engine vs exact {}", largest_error(&e2, &exact));
    for t in [1e-2, 3e-3,1e-3,3e-4, 1e-4, 1e-5, 1e-7,1e-8] {
        for s in [false, true] {
        let (p, c) = paths_of_rival(&agents[0], DAILY, w(t, s));
        println!("rival {t} {s} {:e} {c:?}", largest_error(&p, &exact));
        }
        let (p, c) = paths_of_engine(&plan, t);
        println!("engine {t} {:e} {} {}", largest_error(&p, &exact), c.steps/64, c.rejected/64);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| for t in [1e-4, 1e-7] {
        let e = engine(&plan, t);
        for _ in 0..3 {
        let i = Instant::now(); by_rival_unseen(&agents, DAILY, w(t, false)); let a = i.elapsed();
        let i = Instant::now(); by_rival(&agents, DAILY, w(t, false)); let b = i.elapsed();
        let i = Instant::now(); by_engine(&e, n); let c = i.elapsed();
        let i = Instant::now(); e.ends(0..100); let d = i.elapsed();
        println!("{t} rival {a:?} {b:?} engine {c:?} unobserved {d:?}");
        }
    });
}
