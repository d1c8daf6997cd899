"""What functions and methods of libraries do, by their names."""

REACHES_ANY_NAME = {
    *("exec", "eval", "globals", "locals", "vars", "get_ipython", "__import__"),
    *("In", "Out", "_", "__", "___", "_i", "_ih", "_oh", "_dh", "__builtins__"),
}
REACHES_ANY_MODULE = {"__main__", "builtins", "ctypes", "gc", "importlib", "inspect"}
NAMES_IN_TEXT = {"aes", "query", "eval", "after_stat", "stage", "facet_wrap"}
"""Calls whose text may name variables of the notebook."""
SETTINGS = {
    *("seed", "set_seed", "set_random_seed", "seterr", "seterrcall", "set_option"),
    *("set_printoptions", "filterwarnings", "simplefilter", "use", "set_theme"),
    *("theme_set", "rc", "rcdefaults", "switch_backend", "chdir", "set_floatx"),
    *("run_functions_eagerly", "set_config", "setrecursionlimit", "basicConfig"),
    *("clear_session", "register", "set_backend", "reset_option", "putenv"),
}
WRITES = {
    *("savefig", "to_csv", "to_excel", "to_json", "to_pickle", "to_parquet", "tofile"),
    *("save", "savez", "savez_compressed", "savetxt", "save_weights", "dump", "mkdir"),
    *("makedirs", "write_text", "write_bytes", "unlink", "rmdir", "rename", "touch"),
    *("copyfile", "copytree", "move", "rmtree", "urlretrieve", "system", "popen"),
}
IN_MEMORY = {"BytesIO", "StringIO"}
"""What is written to one of these is in no file."""
OF_THE_SYSTEM = {"os", "shutil", "subprocess"}
"""Modules whose functions may do anything to files, but for those that only ask."""
ONLY_ASKS = ("os.path", "os.environ.get", "os.getenv", "os.getcwd", "os.listdir")
CHANGES_ITS_OWNER = {
    *("append", "extend", "insert", "pop", "popitem", "remove", "clear", "update"),
    *("setdefault", "add", "discard", "sort", "reverse", "fill", "resize", "put"),
    *("partition", "setflags", "itemset", "appendleft", "popleft", "rotate", "send"),
    *("fit", "fit_transform", "fit_predict", "partial_fit", "compile", "build"),
    *("train_on_batch", "test_on_batch", "set_weights", "load_weights", "set_params"),
    *("evaluate", "predict", "reset_states", "apply_gradients", "assign_add"),
    *("minimize", "write", "writelines", "read", "readline", "seek", "spawn"),
    # Draws of a random generator.
    *("random", "normal", "standard_normal", "uniform", "integers", "choice", "bytes"),
    *("permutation", "permuted", "shuffle", "binomial", "poisson", "exponential"),
    *("beta", "gamma", "multivariate_normal", "randint", "rand", "randn", "gauss"),
    *("sample", "randrange", "choices", "laplace", "lognormal", "multinomial"),
}
CHANGES_ITS_ARGUMENTS = {
    *("shuffle", "copyto", "fill_diagonal", "put", "put_along_axis", "at", "place"),
    *("putmask", "setattr", "delattr", "next", "heappush", "heappop", "heapify"),
    *("insort", "insort_left", "insort_right", "setitem", "delitem", "iadd", "isub"),
}
CHANGED_ARGUMENTS = {"out", "rng", "random_state", "generator", "memo"}
"""Keywords whose value a function may change."""
SHARED_GENERATORS = {
    *("np.random", "numpy.random", "random", "npr", "tf.random", "keras.random"),
}
OWN_GENERATORS = {
    *("default_rng", "Generator", "SeedSequence", "RandomState", "Random", "PCG64"),
}
FOR_A_WHILE = {
    *("catch_warnings", "errstate", "rc_context", "option_context", "printoptions"),
}
"""Settings inside these end with them."""
HANDS_ON = {
    *("zip", "enumerate", "iter", "list", "tuple", "dict", "reversed", "sorted", "map"),
    *("filter", "chain", "cycle", "partial", "items", "values", "get", "asarray"),
    *("max", "min", "next", "setdefault", "pop", "copy", "deque", "vars"),
    *("asanyarray", "atleast_1d", "atleast_2d", "ravel", "reshape", "squeeze", "view"),
    *("transpose", "swapaxes", "moveaxis", "expand_dims", "broadcast_to", "diagonal"),
    *("array_split", "split", "hsplit", "vsplit", "flip", "to_numpy", "getattr"),
}
"""Functions and methods whose result may be, or hold, what they are given."""
QUIET_PACKAGES = {
    *("ipywidgets", "matplotlib", "pandas", "plotnine", "scipy", "sklearn", "sympy"),
}
"""Large packages whose import binds names and does nothing else that others meet."""
