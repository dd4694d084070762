"""What kinds of figure there are: fields with types, ranges and defaults, words and costs.

A kind is a dataclass of its parameters, in a module of its own; `experiments` holds the module that computes it, under
the same name. Separate so that a build whose figures are all in the cache stays light: nothing here loads numpy.
"""

from __future__ import annotations

from seedbed.figures.kinds.activation_curves import ActivationCurves
from seedbed.figures.kinds.conv_fans import ConvFans
from seedbed.figures.kinds.correlation_by_depth import CorrelationByDepth
from seedbed.figures.kinds.fan_compromise import FanCompromise
from seedbed.figures.kinds.finite_width import FiniteWidth
from seedbed.figures.kinds.gain_map import GainMap
from seedbed.figures.kinds.gradient_by_depth import GradientByDepth
from seedbed.figures.kinds.jacobian_spectrum import JacobianSpectrum
from seedbed.figures.kinds.layer_histograms import LayerHistograms
from seedbed.figures.kinds.parameters import Parameters
from seedbed.figures.kinds.phase_diagram import PhaseDiagram
from seedbed.figures.kinds.rectangular_signal import RectangularSignal
from seedbed.figures.kinds.residual_growth import ResidualGrowth
from seedbed.figures.kinds.saturation_over_training import SaturationOverTraining
from seedbed.figures.kinds.symmetry_breaking import SymmetryBreaking
from seedbed.figures.kinds.training_curves import TrainingCurves
from seedbed.figures.kinds.variance_by_depth import VarianceByDepth
from seedbed.figures.kinds.weight_distribution import WeightDistribution

__all__ = ["KINDS", "Parameters"]

KINDS: dict[str, type[Parameters]] = {
    kind.kind: kind
    for kind in (
        ActivationCurves,
        WeightDistribution,
        VarianceByDepth,
        GradientByDepth,
        LayerHistograms,
        FanCompromise,
        RectangularSignal,
        SaturationOverTraining,
        TrainingCurves,
        PhaseDiagram,
        JacobianSpectrum,
        ConvFans,
        FiniteWidth,
        SymmetryBreaking,
        GainMap,
        ResidualGrowth,
        CorrelationByDepth,
    )
}
"""Every kind by its name, in the order of the list that authors read."""
