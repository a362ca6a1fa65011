-- What somebody would write who knows the mapping and needs no more than the lines: every line of invoice items, with
-- the joins and the columns of the pre-configured template. It looks at every item, not at what changed; it asks nothing
-- of parents that are missing, holds nothing back, remembers no state and compares with nothing that is collected.
-- $1 entity, $2 organisation, $3 template, $4 its version, $5 run.
insert into bench.line (
  entity, org, id, type, form, source_object, source_id, template, template_version, run, sources,
  business_unit, company_code, customer_number, customer_name, account_id, functional_currency, transaction_currency,
  rate_plan_id, rate_plan_name, rate_plan_charge_num, rate_plan_charge_name, rate_plan_charge_version,
  rate_plan_charge_model, rate_plan_charge_type, rate_plan_charge_trigger_event, rate_plan_charge_segment,
  rate_plan_charge_id, original_rate_plan_charge_id, product_id, sales_order_date, subscription_id, subscription_name,
  subscription_version, subscription_start_date, subscription_end_date, subscription_owner, invoice_owner,
  subscription_type, revenue_start_date, revenue_end_date, ordered_qty, ext_sell_price, deferred_segments,
  revenue_segments, adjustment_liability_account, adjustment_revenue_account, unbilled_ar_account,
  contract_asset_account, product_rate_plan_charge_id, product_rate_plan_id, charge_created_date,
  charge_last_update_date, billing_id, billing_item_id, invoice_num, invoice_date, invoice_qty, ext_list_price,
  so_line_id, so_number, so_book_date, sequence_number, term_number, duration, amendment_reason, invoice_line_id,
  skip_ct_mod, func_ex_rate, func_ex_rate_date, func_ex_rate_source, functional_ext_sell_price, reporting_currency,
  global_ex_rate, global_ex_rate_source, reporting_ext_sell_price
)
select
  $1, $2,
  case when form.booking then 'SO:REVSYNC-' || item.id || '@1' else 'INV:' || item.id end,
  case when form.booking then 'SO' else 'INV' end,
  1, 'InvoiceItem', item.id, $3, $4::integer, $5::bigint,
  array[item.updated_date, invoice.updated_date, account.updated_date, charge.updated_date, plan.updated_date,
    product_charge.updated_date, product_plan.updated_date, product.updated_date, subscription.updated_date,
    owner.updated_date, invoiced.updated_date, liability.updated_date, revenue.updated_date,
    adjusted_liability.updated_date, adjusted_revenue.updated_date, unbilled.updated_date, asset.updated_date,
    applied_item.updated_date, applied_charge.updated_date],
  e.display_name, e.entity_name, account.account_number, account.name, account.id,
  coalesce(e.home_currency, account.currency), account.currency,
  plan.id, plan.name, charge.charge_number, charge.name, charge.version,
  charge.charge_model, charge.charge_type, charge.trigger_event, charge.segment,
  charge.id, charge.original_id, product.id,
  case when form.booking then invoice.invoice_date else subscription.term_start_date end,
  subscription.id, subscription.name, subscription.version, subscription.subscription_start_date,
  subscription.subscription_end_date, owner.name, invoiced.name,
  subscription.term_type, item.service_start_date, period.until,
  coalesce(
    case
      when kind.model like 'flatfee%' then 1
      when kind.model like 'discount%' or kind.type = 'usage' then coalesce(charge.quantity, 1)
      else charge.quantity
    end,
    case when form.standalone then coalesce(item.quantity, 1) end),
  item.charge_amount, liability.name,
  revenue.name, adjusted_liability.name, adjusted_revenue.name, unbilled.name,
  asset.name, product_charge.id, product_plan.id,
  (charge.created_date at time zone coalesce(e.timezone, 'UTC'))::date,
  (charge.updated_date at time zone coalesce(e.timezone, 'UTC'))::date,
  invoice.id, item.id, invoice.invoice_number, invoice.invoice_date, item.quantity, item.charge_amount,
  case
    when form.standalone then 'REVSYNC-' || item.id
    when kind.model like 'discountpercent%' and applied_charge.id is not null
      then coalesce(applied_charge.original_id, applied_charge.id) || '.' || applied_charge.segment || '.' ||
        coalesce(charge.original_id, charge.id) || '.' || charge.segment
    else coalesce(charge.original_id, charge.id) || '.' || charge.segment
  end,
  case when form.standalone then invoice.invoice_number else charge.charge_number end,
  case when form.booking then invoice.invoice_date end,
  case when form.standalone then '1.1.' else charge.version || '.' || subscription.version || '.' end ||
    to_char(coalesce(item.updated_date, item.created_date) at time zone 'UTC', 'YYYYMMDDHH24MISS'),
  case
    when item.rate_plan_charge_id is null or renewals.starts is null then 1
    else 1 + (
      select count(*) from unnest(renewals.starts) as s (day)
      where s.day <= coalesce(applied_charge.effective_start_date, charge.effective_start_date, subscription.term_start_date)
    )
  end,
  staging.months(item.service_start_date, period.until),
  case when form.booking then '' end,
  case when not form.booking then item.id end,
  case when form.booking then 'No' end,
  rates.rate, rates.day, rates.source, rates.amount, rates.functional, 1, 'same currency', rates.amount
from prestaging.invoice_item as item
join control.entity as e on e.entity = item.entity
join prestaging.invoice as invoice on invoice.entity = item.entity and invoice.id = item.invoice_id
left join prestaging.rate_plan_charge as charge on charge.entity = item.entity and charge.id = item.rate_plan_charge_id
left join prestaging.rate_plan as plan on plan.entity = item.entity and plan.id = charge.rate_plan_id
left join prestaging.subscription as subscription
  on subscription.entity = item.entity and subscription.id = coalesce(item.subscription_id, charge.subscription_id)
left join prestaging.account as account
  on account.entity = item.entity and account.id = coalesce(item.account_id, invoice.account_id)
left join prestaging.account as owner on owner.entity = item.entity and owner.id = subscription.account_id
left join prestaging.account as invoiced on invoiced.entity = item.entity and invoiced.id = subscription.invoice_owner_id
left join prestaging.product_rate_plan_charge as product_charge
  on product_charge.entity = item.entity
  and product_charge.id = coalesce(item.product_rate_plan_charge_id, charge.product_rate_plan_charge_id)
left join prestaging.product_rate_plan as product_plan
  on product_plan.entity = item.entity and product_plan.id = product_charge.product_rate_plan_id
left join prestaging.product as product on product.entity = item.entity and product.id = product_plan.product_id
left join prestaging.accounting_code as liability
  on liability.entity = item.entity
  and liability.id = coalesce(product_charge.contract_liability_accounting_code_id, item.contract_liability_accounting_code_id)
left join prestaging.accounting_code as revenue
  on revenue.entity = item.entity
  and revenue.id = coalesce(product_charge.contract_recognized_revenue_accounting_code_id,
    item.contract_recognized_revenue_accounting_code_id)
left join prestaging.accounting_code as adjusted_liability
  on adjusted_liability.entity = item.entity
  and adjusted_liability.id = coalesce(product_charge.adjustment_liability_accounting_code_id,
    item.adjustment_liability_accounting_code_id)
left join prestaging.accounting_code as adjusted_revenue
  on adjusted_revenue.entity = item.entity
  and adjusted_revenue.id = coalesce(product_charge.adjustment_revenue_accounting_code_id,
    item.adjustment_revenue_accounting_code_id)
left join prestaging.accounting_code as unbilled
  on unbilled.entity = item.entity
  and unbilled.id = coalesce(product_charge.unbilled_receivables_accounting_code_id,
    item.unbilled_receivables_accounting_code_id)
left join prestaging.accounting_code as asset
  on asset.entity = item.entity
  and asset.id = coalesce(product_charge.contract_asset_accounting_code_id, item.contract_asset_accounting_code_id)
left join prestaging.invoice_item as applied_item
  on applied_item.entity = item.entity and applied_item.id = item.applied_to_invoice_item_id
left join prestaging.rate_plan_charge as applied_charge
  on applied_charge.entity = item.entity and applied_charge.id = applied_item.rate_plan_charge_id
left join (
  select later.name, array_agg(distinct later.term_start_date) as starts
  from prestaging.subscription as later
  join prestaging.subscription as earlier
    on earlier.entity = later.entity and earlier.id = later.previous_subscription_id
  where later.entity = $1 and later.term_start_date >= earlier.term_end_date
  group by later.name
) as renewals on renewals.name = subscription.name
join (values (false, false), (true, false), (true, true)) as form (standalone, booking)
  on form.standalone = (
    item.rate_plan_charge_id is null
    or charge.exclude_item_booking_from_revenue_accounting is true
    or charge.id is not null and product_charge.exclude_item_booking_from_revenue_accounting is true
    or coalesce(lower(translate(charge.charge_model, ' -_', '')) like 'discountfixed%', false)
  )
cross join lateral (
  select lower(translate(charge.charge_model, ' -_', '')) as model, lower(translate(charge.charge_type, ' -_', '')) as type
) as kind
cross join lateral (
  select case
    when item.service_end_date is null and (form.standalone or kind.type = 'onetime') then item.service_start_date + 1
    else item.service_end_date
  end as until
) as period
cross join lateral (
  select coalesce(e.home_currency, account.currency) as functional,
    case when account.currency = coalesce(e.home_currency, account.currency) then 1 else item.exchange_rate end as rate,
    case when account.currency <> coalesce(e.home_currency, account.currency) then item.exchange_rate_date end as day,
    case when account.currency = coalesce(e.home_currency, account.currency) then 'same currency'
      when item.exchange_rate is not null then 'InvoiceItem.ExchangeRate' end as source,
    case when account.currency = coalesce(e.home_currency, account.currency) then item.charge_amount
      else round(item.charge_amount * item.exchange_rate, 2) end as amount
) as rates
where item.entity = $1
  and item.deleted is not true
  and invoice.status = 'Posted'
  and lower(item.processing_type) is distinct from '3'
  and lower(item.processing_type) is distinct from 'tax'
  and item.exclude_item_billing_from_revenue_accounting is not true
  and charge.exclude_item_billing_from_revenue_accounting is not true
  and product_charge.exclude_item_billing_from_revenue_accounting is not true
