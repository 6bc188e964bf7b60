"""A made-up metropolis of any number of créneaux, to measure with; always as dense."""
