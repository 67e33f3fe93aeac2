//! What is told about wrong instruments and about questions that an instrument cannot answer.

use super::findings::told;
use super::instruments::BOTH;

#[test]
fn wrong_instruments_are_explained() {
    let one = |text: &str| format!("[instruments.scale]\n{text}");
    let using = |text: &str| format!("{BOTH}{text}");
    let texts = [
        one("doc = \"nothing\""),
        one("questionnaire = { latent = \"R\", itms = 3 }"),
        one("questionnaire = { latent = \"L/rest.L + Q\", categories = 1, items = 201 }"),
        one("questionnaire = { latent = \"L\", discrimination = [0, 1], difficulty = [2, -2] }"),
        one(
            "questionnaire = { latent = \"1\", discrimination = [\"1 h\", 2], difficulty = [1, 1], scoring = \"men\" }",
        ),
        one(
            "visual_analogue = { latent = \"1\", sd = -1, rounding = 101, end_aversion = 1 }\nquestionnaire = { latent = \"1\" }",
        ),
        one("visual_analogue = { latent = \"1\", sd = -1, rounding = 101, end_aversion = 1 }\nluck = \"ow\""),
        one("visual_analogue = { latent = \"scale/2\" }"),
        one("visual_analogue = { latent = \"R[end of on]\" }"),
        "[instruments.R]\nvisual_analogue = { latent = \"1\" }".to_owned(),
        "[instruments.rest]\nvisual_analogue = { latent = \"1\" }".to_owned(),
        "[instruments.run]\nvisual_analogue = { latent = \"1\" }".to_owned(),
        "[instruments.fall]\nvisual_analogue = { latent = \"1\" }\n[measures]\nfall = \"R[rest]\"".to_owned(),
        using("[measures]\nm = \"plesure_scale[end of on]\""),
        using("[measures]\nm = \"pleasure_scale.item_15[end of on] + mood_line.item_1[end of on]\""),
        using("[measures]\nm = \"mood_line.item_1[end of on]\""),
        using("[measures]\nm = \"max(mood_line[on])\""),
        using("[measures]\nm = \"first(mood_line > 50 [on])\""),
        using("[measures]\nm = \"mood_line\""),
        using("[measures]\nm = \"alpha(pleasure_scale[end of on])\""),
        using("[[record]]\nwhat = \"mood_line\"\nover = \"1 d\""),
        using("[[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"alpha(mood_line[end of on]) > 0.5\""),
        using("[[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"alpha(R[end of on]) > 0.5\""),
        using("[[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"alpha(pleasure_scal[end of on]) > 0.5\""),
        using("[[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"alpha(pleasure_scale) > 0.5\""),
        using("[[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"retest(mood_line[1 d]) > 0.5\""),
        using("[[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"retest(mood_line[1 d], mood_line[1 d]) > 0.5\""),
        using("[arms.a]\nphases = [{ name = \"x\", for = \"1 d\", set = { R = \"mood_line\" } }]"),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    insta::assert_snapshot!(told(&texts), @r#"
    error: `scale` does not say what it is
     --> test.toml:9:14
      |
    9 | [instruments.scale]
      |              ^^^^^
      |
    help: write `questionnaire = { latent = … }` or `visual_analogue = { latent = … }`

    error: unknown key `itms`
      --> test.toml:10:33
       |
    10 | questionnaire = { latent = "R", itms = 3 }
       |                                 ^^^^ not a key of a questionnaire
       |
    help: did you mean `items`?

    error: `Q` is not a name of this model
      --> test.toml:10:40
       |
    10 | questionnaire = { latent = "L/rest.L + Q", categories = 1, items = 201 }
       |                                        ^

    error: `categories` lies between 2 and 100
      --> test.toml:10:57
       |
    10 | questionnaire = { latent = "L/rest.L + Q", categories = 1, items = 201 }
       |                                                         ^
       |
    help: leave it out for 4

    error: `items` lies between 1 and 200
      --> test.toml:10:68
       |
    10 | questionnaire = { latent = "L/rest.L + Q", categories = 1, items = 201 }
       |                                                                    ^^^
       |
    help: leave it out for 14

    error: the latent of `scale` has a unit
      --> test.toml:10:29
       |
    10 | questionnaire = { latent = "L", discrimination = [0, 1], difficulty = [2, -2] }
       |                             ^ in `nM`
       |
    help: divide by what it is compared with, so that a number without unit is left: `R/rest.R`

    error: discrimination lies above 0, up to 100
      --> test.toml:10:50
       |
    10 | questionnaire = { latent = "L", discrimination = [0, 1], difficulty = [2, -2] }
       |                                                  ^^^^^^
       |
    help: turn the sign of `latent` for items that are answered the other way

    error: `difficulty` is two numbers, the lower first
      --> test.toml:10:71
       |
    10 | questionnaire = { latent = "L", discrimination = [0, 1], difficulty = [2, -2] }
       |                                                                       ^^^^^^^
       |
    help: write `[-2, 2]`, or leave it out for that

    error: `discrimination` has the wrong unit
      --> test.toml:10:52
       |
    10 | questionnaire = { latent = "1", discrimination = ["1 h", 2], difficulty = [1, 1], scoring = "men" }
       |                                                    ^^^ in h
       |
    help: write a plain number

    error: all thresholds would be one
      --> test.toml:10:75
       |
    10 | questionnaire = { latent = "1", discrimination = ["1 h", 2], difficulty = [1, 1], scoring = "men" }
       |                                                                           ^^^^^^
       |
    help: write the lowest and the highest: `["-2", "2"]`

    error: `scoring` cannot be "men"
      --> test.toml:10:93
       |
    10 | questionnaire = { latent = "1", discrimination = ["1 h", 2], difficulty = [1, 1], scoring = "men" }
       |                                                                                             ^^^^^
       |
    help: write one of `sum`, `count`

    error: `scale` is one thing, `questionnaire` or `visual_analogue`
      --> test.toml:10:19
       |
    10 | visual_analogue = { latent = "1", sd = -1, rounding = 101, end_aversion = 1 }
       |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
    note: it already says what it is here
      --> test.toml:11:17
       |
    11 | questionnaire = { latent = "1" }
       |                 ----------------
    help: write two instruments

    error: `sd` lies from 0 up to 1000
      --> test.toml:10:40
       |
    10 | visual_analogue = { latent = "1", sd = -1, rounding = 101, end_aversion = 1 }
       |                                        ^^
       |
    help: leave it out for 7

    error: `rounding` lies from 0 up to 100
      --> test.toml:10:55
       |
    10 | visual_analogue = { latent = "1", sd = -1, rounding = 101, end_aversion = 1 }
       |                                                       ^^^
       |
    help: leave it out for 0

    error: `end_aversion` lies from 0 up to less than 1
      --> test.toml:10:75
       |
    10 | visual_analogue = { latent = "1", sd = -1, rounding = 101, end_aversion = 1 }
       |                                                                           ^
       |
    help: leave it out for 0

    error: `luck` cannot be "ow"
      --> test.toml:11:8
       |
    11 | luck = "ow"
       |        ^^^^
       |
    help: did you mean `own`?

    error: `scale` is an instrument, and the latent of one cannot stand on another
      --> test.toml:10:31
       |
    10 | visual_analogue = { latent = "scale/2" }
       |                               ^^^^^
       |
    help: write the quantity behind it

    error: `[end of on]` stands inside an expression that has its moment elsewhere
      --> test.toml:10:33
       |
    10 | visual_analogue = { latent = "R[end of on]" }
       |                                 ^^^^^^^^^
       |
    help: put the whole expression in parentheses in front of one bracket: `(R/rest.R)[end of on]`

    error: `R` is a state of `turnover` already
     --> test.toml:9:14
      |
    9 | [instruments.R]
      |              ^
      |
    help: give the instrument another name

    error: `rest` is a word of the language already
     --> test.toml:9:14
      |
    9 | [instruments.rest]
      |              ^^^^
      |
    help: give the instrument another name

    error: `run` is an arm already
     --> test.toml:9:14
      |
    9 | [instruments.run]
      |              ^^^
      |
    help: give the instrument another name

    error: `fall` is a measure already
     --> test.toml:9:14
      |
    9 | [instruments.fall]
      |              ^^^^
      |
    help: give the instrument another name

    error: `plesure_scale` is not a name of this model
      --> test.toml:16:6
       |
    16 | m = "plesure_scale[end of on]"
       |      ^^^^^^^^^^^^^
       |
    help: did you mean `pleasure_scale`?

    error: `pleasure_scale` has no `item_15`
      --> test.toml:16:6
       |
    16 | m = "pleasure_scale.item_15[end of on] + mood_line.item_1[end of on]"
       |      ^^^^^^^^^^^^^^^^^^^^^^
       |
    help: write `pleasure_scale`, or `pleasure_scale.item_1` to `pleasure_scale.item_14`

    error: `mood_line` has no `item_1`
      --> test.toml:16:6
       |
    16 | m = "mood_line.item_1[end of on]"
       |      ^^^^^^^^^^^^^^^^
       |
    help: write `mood_line`: a visual analogue scale has no items

    error: `max` goes over all of the time, and an instrument is answered at visits only
      --> test.toml:16:10
       |
    16 | m = "max(mood_line[on])"
       |          ^^^^^^^^^^^^^
       |
    help: ask at visits: `scale[end of exposure]`, or record the scale with `every` or `at`

    error: `first` goes over all of the time, and an instrument is answered at visits only
      --> test.toml:16:12
       |
    16 | m = "first(mood_line > 50 [on])"
       |            ^^^^^^^^^^^^^^^^^^^
       |
    help: ask at visits: `scale[end of exposure]`, or record the scale with `every` or `at`

    error: `mood_line` changes with time
      --> test.toml:16:6
       |
    16 | m = "mood_line"
       |      ^^^^^^^^^ when?
       |
    help: say at which visit: `mood_line[end of …]`

    error: `alpha` goes over all agents, and one agent's number is wanted here
      --> test.toml:16:6
       |
    16 | m = "alpha(pleasure_scale[end of on])"
       |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: `median`, `mean_of`, `sd_of`, `cv_of`, `quantile`, `correlation`, `share`, `alpha`, `retest` stand in claims, around expressions per agent

    error: a window goes over all of the time, and an instrument is answered at visits only
      --> test.toml:16:9
       |
    16 | what = "mood_line"
       |         ^^^^^^^^^
       |
    help: ask at visits: `scale[end of exposure]`, or record the scale with `every` or `at`

    error: `alpha` goes over the items of a questionnaire at one visit
      --> test.toml:18:15
       |
    18 | that = "alpha(mood_line[end of on]) > 0.5"
       |               ^^^^^^^^^^^^^^^^^^^^ a visual analogue scale has no items
       |
    help: write `alpha(scale[end of exposure])`

    error: `alpha` goes over the items of a questionnaire at one visit
      --> test.toml:18:15
       |
    18 | that = "alpha(R[end of on]) > 0.5"
       |               ^^^^^^^^^^^^ no instrument
       |
    help: write `alpha(scale[end of exposure])`

    error: `alpha` goes over the items of a questionnaire at one visit
      --> test.toml:18:15
       |
    18 | that = "alpha(pleasure_scal[end of on]) > 0.5"
       |               ^^^^^^^^^^^^^^^^^^^^^^^^ no instrument
       |
    help: did you mean `pleasure_scale`?

    error: `alpha` goes over the items of a questionnaire at one visit
      --> test.toml:18:15
       |
    18 | that = "alpha(pleasure_scale) > 0.5"
       |               ^^^^^^^^^^^^^^
       |
    help: write `alpha(scale[end of exposure])`

    error: `retest` takes 2 arguments
      --> test.toml:18:9
       |
    18 | that = "retest(mood_line[1 d]) > 0.5"
       |         ^^^^^^^^^^^^^^^^^^^^^^
       |
    help: write `retest(scale[end of baseline], scale[end of baseline - 7 d])`

    error: `retest` compares two visits, and this is one
      --> test.toml:18:32
       |
    18 | that = "retest(mood_line[1 d], mood_line[1 d]) > 0.5"
       |                                ^^^^^^^^^^^^^^
       |
    help: write `retest(scale[end of baseline - 7 d], scale[end of baseline])`

    error: what an instrument shows changes nothing in the model
      --> test.toml:16:51
       |
    16 | phases = [{ name = "x", for = "1 d", set = { R = "mood_line" } }]
       |                                                   ^^^^^^^^^
       |
    help: write the quantity behind it
    "#);
}

#[test]
fn what_goes_over_time_or_along_a_derivative_wants_no_score() {
    let asks = [
        "peak(mood_line[on])",
        "recovery_time(mood_line[after])",
        "hysteresis(L, mood_line [on])",
        "hysteresis(mood_line, R [on])",
        "rms(run.mood_line [on])",
        "coefficient(mood_line[end of on], L)",
        "coefficient(R[end of on], mood_line)",
    ];
    for ask in asks {
        let told = told(&[&format!("{BOTH}[measures]\nm = \"{ask}\"")]);
        assert!(told.contains("an instrument is answered at visits only"), "{ask}\n{told}");
    }
}
