"""The parameters of `conv-fans`, and how much it draws for each kernel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from seedbed.figures.fields import About, AlsoCalled, integer, listing, word
from seedbed.figures.kinds.parameters import Parameters, repeats_enough

PADDINGS = ("valid", "same")
_LEAST_REPEATS = 6


@dataclass(frozen=True, slots=True)
class ConvFans(Parameters):
    """What one convolution does to signals and gradients, by the size of its kernel."""

    kind: ClassVar[str] = "conv-fans"
    about: ClassVar[str] = "why a convolution's fans count the kernel's area, and what else counts"

    kernels: Annotated[
        tuple[int, ...],
        listing(integer(1, 15), 1, 7),
        About("heights and widths of the kernel"),
        AlsoCalled(("kernel", "kernel_sizes")),
    ] = (1, 3, 5, 7)
    channels: Annotated[int, integer(1, 64), About("channels of input and of output")] = 16
    size: Annotated[int, integer(1, 64), About("height and width of the input")] = 16
    padding: Annotated[
        str, word("padding", *PADDINGS), About("zeros around the input: none, or as in Keras")
    ] = "valid"
    stride: Annotated[
        int, integer(1, 4), About("step from window to window"), AlsoCalled(("strides",))
    ] = 1
    groups: Annotated[int, integer(1, 64), About("groups, which must divide the channels")] = 1

    def outputs(self, kernel: int) -> int:
        """Return height and width of the output."""
        covered = self.size if self.padding == "same" else self.size - kernel + 1
        # At least 1 even for a kernel that does not fit: the cost is asked for along with faults.
        return max(1, -(-covered // self.stride))

    def repeats(self, kernel: int) -> int:
        """Return how many layers have enough weights between them."""
        weights = max(1, kernel**2 * self.channels**2 // self.groups)
        return max(_LEAST_REPEATS, repeats_enough(weights))

    def batch(self, kernel: int) -> int:
        """Return how many images to each layer give enough results."""
        results = self.repeats(kernel) * self.channels * self.outputs(kernel) ** 2
        return repeats_enough(results)

    def title(self) -> str:
        """Name what the curves show."""
        return "Change of the second moment across one convolution"

    def caption(self) -> str:
        """Say what kind of layer it is."""
        grouped = "" if self.groups == 1 else f", {self.groups} groups"
        channels = "1 channel" if self.channels == 1 else f"{self.channels} channels"
        return (
            f"Images of {self.size} × {self.size} with {channels}, {self.padding} padding, stride "
            f"{self.stride}{grouped}. Left: outputs in units of inputs, variance 1/fan-in. Right: "
            "gradients at the inputs in units of those at the outputs, variance 1/fan-out. "
            "Circles: prediction, borders included."
        )

    def seconds(self) -> float:
        """Add up draws, products and copies over all kernels, forward and backward."""
        return sum(map(self._seconds, self.kernels))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Find kernels that are larger than the input, and groups that do not divide it."""
        largest = max(self.kernels)
        if largest > self.size:
            said = f"'size' must be at least {largest}, the largest of 'kernels', got {self.size}"
            yield "size", said
        if self.channels % self.groups:
            said = f"'groups' must divide 'channels', which is {self.channels}, got {self.groups}"
            yield "groups", said

    def _seconds(self, kernel: int) -> float:
        layers = self.repeats(kernel)
        images = layers * self.batch(kernel) * self.channels
        inputs, results = images * self.size**2, images * self.outputs(kernel) ** 2
        weights = layers * kernel**2 * self.channels**2 // self.groups
        draws = 2e-8 * (inputs + results + weights)
        # Each tap multiplies and moves every result once in each direction.
        products = 4.0 * kernel**2 * results * self.channels / self.groups / 2e10
        moved = 2.5e-8 * kernel**2 * results
        return draws + products + moved + 4e-5 * kernel**2
