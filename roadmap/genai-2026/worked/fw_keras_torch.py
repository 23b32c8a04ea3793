# needs: torch keras
"""The small network in two interfaces, and a picture and a table row that meet, on Keras with PyTorch."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras import layers

image = keras.Input((28, 28, 1))
h = layers.MaxPooling2D()(layers.Conv2D(16, 3, activation="relu")(image))
h = layers.MaxPooling2D()(layers.Conv2D(32, 3, activation="relu")(h))
functional = keras.Model(image, layers.Dense(10)(layers.Flatten()(h)))
sequential = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10),
    ]
)
assert sequential.count_params() == functional.count_params() == 12_810

row = keras.Input((12,))
flat = layers.Flatten()(layers.MaxPooling2D()(layers.Conv2D(16, 3, activation="relu")(image)))
joined = layers.Concatenate()([flat, layers.Dense(8, activation="relu")(row)])
model = keras.Model([image, row], layers.Dense(1)(joined))
assert model.output_shape == (None, 1) and len(model.inputs) == 2
