"""What can go wrong, apart by whose it is to mend.

* AutograderError
  + WrongUse             the command was given something it cannot work with
  + SourceError          a lesson or its catalogue cannot be used; for its author
  + OutOfDate            generated files differ from their source; for its author
  + UnreadableSubmission a student's file is no notebook; marked so, never lost
  + EngineError          our machinery failed; tried again, never scored zero
    + LessonImpossible   a lesson cannot be graded on this computer, whoever hands in
"""


class AutograderError(Exception):
    """Base of all errors that this package raises on purpose."""


class WrongUse(AutograderError):
    """The command was given something it cannot work with."""


class SourceError(AutograderError):
    """A lesson's source or its catalogue is not as it has to be."""


class OutOfDate(AutograderError):
    """Generated files are not what their source generates now."""


class UnreadableSubmission(AutograderError):
    """A submitted file cannot be read as a notebook at all."""


class EngineError(AutograderError):
    """The grader itself failed; nobody's marks may depend on it."""


class LessonImpossible(EngineError):
    """A lesson cannot be graded on this computer."""


class ClusterLost(AutograderError):
    """No machine is left that could execute submissions."""
