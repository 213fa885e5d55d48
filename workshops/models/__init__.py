"""Places (institution, workshop, post, equipment, space), products and work orders."""

from workshops.models.batches import BatchCard, BatchOutput
from workshops.models.floor import Defect, Downtime, FloorReason, MaterialIssue
from workshops.models.places import (
    Equipment,
    Institution,
    Post,
    Trade,
    Workshop,
    WorkshopOperator,
)
from workshops.models.products import (
    BillOfMaterialsLine,
    DesignPermission,
    Operation,
    Product,
    ProductOffer,
    ProductPaper,
    ProductVersion,
    RequestedPart,
)
from workshops.models.search import ProductSearch
from workshops.models.spaces import LabourAvailability, ProductionSpace
from workshops.models.stamp import CatalogueStamp
from workshops.models.work_orders import WorkOrder, WorkOrderOperation

__all__ = [
    "BatchCard",
    "BatchOutput",
    "BillOfMaterialsLine",
    "CatalogueStamp",
    "Defect",
    "DesignPermission",
    "Downtime",
    "Equipment",
    "FloorReason",
    "Institution",
    "LabourAvailability",
    "MaterialIssue",
    "Operation",
    "Post",
    "Product",
    "ProductOffer",
    "ProductPaper",
    "ProductSearch",
    "ProductVersion",
    "ProductionSpace",
    "RequestedPart",
    "Trade",
    "WorkOrder",
    "WorkOrderOperation",
    "Workshop",
    "WorkshopOperator",
]
