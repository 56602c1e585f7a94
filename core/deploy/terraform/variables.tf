variable "name" {
  description = "Short name of the portal; every resource has it in its name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,14}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 16 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "resource_group_name" {
  description = "An existing resource group."
  type        = string
}

variable "location" {
  description = "Region. Data of pupils stay in the European Union."
  type        = string
  default     = "westeurope"

  validation {
    condition     = contains(["westeurope", "northeurope", "francecentral", "germanywestcentral", "belgiumcentral", "swedencentral"], var.location)
    error_message = "The location must be a region in the European Union."
  }
}

variable "host" {
  description = "Name at which browsers reach the portal, in the DNS zone: portal for portal.example.be."
  type        = string
  default     = "@"
}

variable "dns_zone_name" {
  description = "An existing DNS zone, such as example.be."
  type        = string
}

variable "ingress_address" {
  description = "Public IPv4 address of the ingress controller of the cluster."
  type        = string
}

variable "subnet_id" {
  description = "Subnet delegated to Microsoft.DBforPostgreSQL/flexibleServers."
  type        = string
}

variable "private_subnet_id" {
  description = "Subnet for the private endpoints of Redis, storage and key vault."
  type        = string
}

variable "private_dns_zone_ids" {
  description = "Private DNS zones, linked to the network: postgres, redis, files and vault."
  type = object({
    postgres = string
    redis    = string
    files    = string
    vault    = string
  })
}

variable "secret_reader_object_ids" {
  description = "Object ids of the identities that read the secrets for the cluster (External Secrets, or the CSI driver)."
  type        = list(string)
}

variable "database_sku" {
  description = "Size of the database server."
  type        = string
  default     = "GP_Standard_D4ds_v5"
}

variable "database_storage_mb" {
  description = "Storage of the database server, in MB."
  type        = number
  default     = 131072
}

variable "backup_retention_days" {
  description = "Days for which the database can be restored to any moment."
  type        = number
  default     = 35

  validation {
    condition     = var.backup_retention_days >= 7 && var.backup_retention_days <= 35
    error_message = "Azure keeps 7 to 35 days."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
}
