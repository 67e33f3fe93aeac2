//! Sizes, variability and groups: an agent's parameters are a pure function of (seed, agent).
//! Knows nothing of files, models or time.

/// What the agents are: how many, with which luck, how they differ.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Population {
    pub agents: u64,
    pub seed: u64,
    pub vary: Vec<Vary>,
    pub correlations: Vec<Correlation>,
    pub groups: Vec<Group>,
}

/// A parameter that differs between agents.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    pub parameter: String,
    pub spread: Spread,
}

/// How a value differs; the centre is the parameter's value in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// The value is the median.
    Lognormal {
        sdlog: f64,
    },
    Normal {
        sd: f64,
    },
    /// On the logit scale; the value, in (0, 1), is the median.
    LogitNormal {
        sd: f64,
    },
    Uniform {
        low: f64,
        high: f64,
    },
    LogUniform {
        low: f64,
        high: f64,
    },
    /// The value is the mode.
    Triangular {
        low: f64,
        high: f64,
    },
    /// The value is the mean.
    Gamma {
        cv: f64,
    },
    /// The value, in (0, 1), is the mean.
    Beta {
        cv: f64,
    },
}

/// Correlation of the normal scores of two varied parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    pub between: [String; 2],
    pub value: f64,
}

/// A share of the agents, with parameters of its own (model units).
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    pub share: f64,
    pub parameters: Vec<(String, f64)>,
}
