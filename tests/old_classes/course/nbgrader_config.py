c = get_config()
c.ClearSolutions.code_stub = {"python": "raise 1", "other": "raise 1", "R": "stop()"}
