"""A gauge: one value on a scale, as an element of a report."""

from __future__ import annotations

from typing import Literal

from icreport.model.elements import Element
from icreport.model.json_object import JsonObject


class GaugeData(JsonObject):
    """The `data` of a gauge."""

    value: float
    least: float = 0.0
    most: float = 100.0
    unit: str = ""


class Gauge(Element):
    """One value on a scale: `{"type": "gauge", "caption": "Coating", "data": {"value": 62, "unit": "%"}}`."""

    type: Literal["gauge"] = "gauge"
    data: GaugeData

    @property
    def percent(self) -> float:
        """Where the value is on the scale, from 0 to 100."""
        span = self.data.most - self.data.least
        return max(0.0, min(100.0, 100 * (self.data.value - self.data.least) / span)) if span else 0.0
