//! What is told about wrong values, populations and accuracies.

use super::findings::told;

#[test]
fn wrong_values_and_populations_are_explained() {
    insta::assert_snapshot!(told(&[
        "[parameters]\nkdge = \"1 1/h\"",
        "[parameters]\nkdeg = \"1 nM\"",
        "[parameters]\nkdeg = 3",
        "[parameters]\nkdeg = \"-1 1/h\"",
        "[parameters]\nR = { value = 3 }",
        "[population]\nagents = 0",
        "[population]\nagents = 1000000000000000000",
        "[population]\nvary.kapa = { lognormal = { cv = 0.3 } }",
        "[population]\nvary.kappa = { lognormal = { cv = 0.3, sdlog = 0.2 } }",
        "[population]\nvary.kappa = { beta = { cv = 0.3 } }",
        "[population]\nvary.K = { normal = { sd = 3 } }",
        "[population]\ngroups.all = { share = 1 }",
        "[population]\ngroups = { a = { share = 0.5 }, b = { share = 0.4, parameters = { kapa = 3 } } }",
        "[population]\nvary.K = { lognormal = { cv = 1 } }\ncorrelations = [{ between = [\"K\", \"R0\"], value = 0.5 }]",
        "[accuracy]\nrelative = 1",
    ]), @r#"
    error: `kdge` is not a parameter of the model
      --> test.toml:10:1
       |
    10 | kdge = "1 1/h"
       | ^^^^
       |
       = note: a name of your own is written `kdge = { value = …, doc = … }`
    help: did you mean `kdeg`?

    error: `kdeg` has the wrong unit
      --> test.toml:10:9
       |
    10 | kdeg = "1 nM"
       |         ^^^^ in nM
       |
       = note: `kdeg` is in 1/h
    help: write a number in 1/h

    error: `kdeg` has the wrong unit
      --> test.toml:10:8
       |
    10 | kdeg = 3
       |        ^ without a unit
       |
       = note: `kdeg` is in 1/h
    help: write a number in 1/h

    error: with this, `kdeg` is -1 1/h, outside its limits
      --> test.toml:10:9
       |
    10 | kdeg = "-1 1/h"
       |         ^^^^^^ kdeg > 0
       |
    note: the limits are stated here
      --> turnover.toml:19:77
       |
    19 | kdeg  = { value = "0.0204 1/h", range = ["0.002 1/h", "0.1 1/h"], limits = "kdeg > 0", source = "Fuxe 1987, in pharmrev table 2: hal...
       |                                                                             --------

    error: `R` is a state of `turnover`
      --> test.toml:10:1
       |
    10 | R = { value = 3 }
       | ^
       |
    help: choose another name

    error: a population has 1 to 1000000000 agents
      --> test.toml:10:10
       |
    10 | agents = 0
       |          ^
       |
    help: for a first look 1000 are enough

    error: a population has 1 to 1000000000 agents
      --> test.toml:10:10
       |
    10 | agents = 1000000000000000000
       |          ^^^^^^^^^^^^^^^^^^^
       |
    help: for a first look 1000 are enough

    error: there is no parameter `kapa` that could vary
      --> test.toml:10:6
       |
    10 | vary.kapa = { lognormal = { cv = 0.3 } }
       |      ^^^^
       |
    help: did you mean `kappa`?

    error: a lognormal spread has `cv` or `sdlog`, not both
      --> test.toml:10:48
       |
    10 | vary.kappa = { lognormal = { cv = 0.3, sdlog = 0.2 } }
       |                                                ^^^
       |
       = note: sdlog = sqrt(ln(1 + cv^2))
    help: keep one of the two

    error: `kappa` cannot vary so: the value is 4; a beta spread needs a mean between 0 and 1
      --> test.toml:10:23
       |
    10 | vary.kappa = { beta = { cv = 0.3 } }
       |                       ^^^^^^^^^^^^

    error: `sd` of `K` has the wrong unit
      --> test.toml:10:28
       |
    10 | vary.K = { normal = { sd = 3 } }
       |                            ^ without a unit
       |
       = note: `sd` of `K` is in nM
    help: write a number in nM

    error: `all` is the group of all agents
      --> test.toml:10:8
       |
    10 | groups.all = { share = 1 }
       |        ^^^
       |
    help: give the group another name

    error: the shares of the groups add up to 0.9 instead of 1
      --> test.toml:10:10
       |
    10 | groups = { a = { share = 0.5 }, b = { share = 0.4, parameters = { kapa = 3 } } }
       |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: there is no parameter `kapa`
      --> test.toml:10:67
       |
    10 | groups = { a = { share = 0.5 }, b = { share = 0.4, parameters = { kapa = 3 } } }
       |                                                                   ^^^^
       |
    help: did you mean `kappa`?

    error: `R0` does not vary between agents, so nothing can be correlated with it
      --> test.toml:11:17
       |
    11 | correlations = [{ between = ["K", "R0"], value = 0.5 }]
       |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: the relative tolerance lies between 1e-13 and 1e-2
      --> test.toml:10:12
       |
    10 | relative = 1
       |            ^
       |
    help: leave it out for 1e-6
    "#);
}

#[test]
fn what_takes_more_memory_than_there_is_is_refused_before_it_is_asked_for() {
    use super::{HEAD, PHASES, with, wrong};
    let large = "[population]\nagents = 3_000_000\n";
    let curve = "[[record]]\nwhat = \"R\"\nat = \"end of on\"\n[[assay]]\nresponse = \"acute\"\nat = \"rest\"\npoints = 400\n";
    let (record, exact) =
        ("[[record]]\nwhat = \"R\"\nevery = \"1 h\"\n", "[accuracy]\nquantiles = \"exact\"\n");
    for more in [curve, record] {
        assert_eq!(with(&format!("{large}{more}")).plan.population.agents, 3_000_000);
        let told = wrong(&format!("{HEAD}{PHASES}{large}{more}{exact}"), &[]);
        assert!(told.contains("too many, over all"), "{told}");
        assert!(told.contains("or leave out `quantiles = \"exact\"`"), "{told}");
    }
}
