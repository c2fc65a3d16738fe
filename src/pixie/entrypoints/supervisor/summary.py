"""What a person is told when Pixie runs."""

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pixie.entrypoints.supervisor.plan import Plan


def show_summary(plan: Plan, console: Console) -> None:
    folder, url = plan.folder, plan.address.url
    rows = {
        "API": url,
        "Docs": f"{url}/docs",
        "Mails": str(folder.mail),
        "First admin": str(folder.admin_credentials),
        "Logs": str(folder.logs),
    }
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, place in rows.items():
        table.add_row(name, Text(place, style="cyan"))
    table.add_row("", "")
    table.add_row("Stop", "Ctrl-C")
    console.print(Panel(table, title="Pixie runs", title_align="left", box=box.ROUNDED, expand=False, padding=(1, 2)))
