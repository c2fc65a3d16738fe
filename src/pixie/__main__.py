from pixie.entrypoints.cli.main import pixie

if __name__ == "__main__":
    pixie(prog_name="pixie")
