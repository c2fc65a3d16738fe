pytest_plugins = ["tests.support.engines", "tests.support.s3_server"]
