// Concentrations and mass flows against the limits of the time, where the model can tell.

function buildLimits() {
  at("limits").hidden = !DATA.limits.length;
}

function updateLimits() {}
