"""A mixed-integer program for HiGHS, put together row by row."""

from collections.abc import Mapping
from typing import Final

import highspy
import numpy as np

WITHIN: Final = 1e-7
"""How near to the optimum HiGHS has to prove itself, as a share and in units of the objective."""


class Program:
    """Variables are known by their number; none is below 0."""

    def __init__(self) -> None:
        self._costs: list[float] = []
        self._most: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[tuple[Mapping[int, float], float, float]] = []

    def amount(self, most: float = highspy.kHighsInf, *, cost: float = 0.0) -> int:
        """A new variable between 0 and `most`."""
        return self._new(most, cost, is_whole=False)

    def choice(self, *, cost: float = 0.0) -> int:
        """A new variable that is 0 or 1."""
        return self._new(1.0, cost, is_whole=True)

    def row(
        self, terms: Mapping[int, float], *, least: float = -highspy.kHighsInf, most: float = highspy.kHighsInf
    ) -> None:
        """Demand that the sum of these terms lies between the two."""
        self._rows.append((terms, least, most))

    def least(self) -> float:
        """The optimum of the objective. A program without one is a mistake of whoever wrote it."""
        solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
            solver.setOptionValue(option, value)
        for option in ("mip_rel_gap", "mip_abs_gap"):
            solver.setOptionValue(option, WITHIN)
        solver.passModel(self._model())
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ValueError(f"no optimum: {solver.getModelStatus()}")
        return float(solver.getInfo().objective_function_value)

    def _new(self, most: float, cost: float, *, is_whole: bool) -> int:
        self._costs.append(cost)
        self._most.append(most)
        self._whole.append(is_whole)
        return len(self._costs) - 1

    def _model(self) -> highspy.HighsLp:
        kinds = {False: highspy.HighsVarType.kContinuous, True: highspy.HighsVarType.kInteger}
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._costs), len(self._rows)
        model.col_cost_, model.col_upper_ = np.array(self._costs), np.array(self._most)
        model.col_lower_ = np.zeros(len(self._costs))
        if any(self._whole):
            model.integrality_ = [kinds[is_whole] for is_whole in self._whole]
        model.row_lower_ = np.array([least for _, least, _ in self._rows])
        model.row_upper_ = np.array([most for _, _, most in self._rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(terms) for terms, _, _ in self._rows)])
        model.a_matrix_.index_ = [number for terms, _, _ in self._rows for number in terms]
        model.a_matrix_.value_ = [factor for terms, _, _ in self._rows for factor in terms.values()]
        return model
