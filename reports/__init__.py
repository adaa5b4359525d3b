from reports.formats import FORMATS as FORMATS
from reports.formats import write as write
