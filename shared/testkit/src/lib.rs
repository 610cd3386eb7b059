//! For development and tests only: the fake SageMaker runtime in front of the real container.
